namespace Sequence.Reporting;

/// <summary>
/// The style sheet. Colours are those of Okabe and Ito (2008), which people of any colour vision can tell apart; on a dark
/// ground blue and black give way to lighter ones.
/// </summary>
internal static class ReportStyle
{
    public const string Css =
        """

        :root { color-scheme: light dark; --ground: #ffffff; --ink: #1b1f24; --soft: #59636e; --rule: #d8dee4; --panel: #f6f8fa;
          --c0: #0072b2; --c1: #d55e00; --c2: #009e73; --c3: #b5558a; --c4: #b98000; --c5: #3a9bd6; --c6: #4d4d4d; }
        @media (prefers-color-scheme: dark) { :root { --ground: #0f1419; --ink: #e6edf3; --soft: #9aa6b2; --rule: #30363d;
          --panel: #171d24; --c0: #56b4e9; --c1: #ff8a3d; --c2: #2cc79b; --c3: #e59cc4; --c4: #f0c04a; --c5: #8d97ff; --c6: #f2f2f2; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
          "DejaVu Sans", sans-serif; }
        main { max-width: 930px; margin: 0 auto; padding: 24px 16px 48px; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; margin: 40px 0 8px; padding-bottom: 4px; border-bottom: 1px solid var(--rule); }
        p { margin: 8px 0; overflow-wrap: anywhere; } .note { color: var(--soft); font-size: .9rem; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: .92rem; }
        th, td { padding: 6px 12px 6px 0; text-align: left; border-bottom: 1px solid var(--rule); white-space: nowrap; }
        th { color: var(--soft); font-weight: 600; }
        .number { text-align: right; font-variant-numeric: tabular-nums; padding: 6px 0 6px 16px; }
        .number + td:not(.number), .number + th:not(.number) { padding-left: 16px; } .dense { font-size: .84rem; }
        .dense th, .dense td { padding: 5px 4px 5px 8px; } td:first-child, th:first-child { position: sticky; left: 0; background: var(--ground); }
        .muted td { color: var(--soft); } .best { font-weight: 700; color: var(--ink) !important; }
        dl { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: 4px 18px; margin: 8px 0; font-size: .92rem; }
        dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
        figure { margin: 18px 0; padding: 14px 16px 10px; background: var(--panel); border-radius: 8px; }
        figcaption { font-weight: 600; margin-bottom: 4px; overflow-wrap: anywhere; }
        figure svg { display: block; width: 100%; height: auto; }
        .legend { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0 0 6px; padding: 0; font-size: .85rem;
          color: var(--soft); }
        .legend li { display: flex; align-items: center; gap: 6px; overflow-wrap: anywhere; } .legend svg { width: 22px; height: 14px; flex: none; }
        .narrow { display: none; }
        figcaption:not(:first-child) { margin-top: 10px; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 10px; list-style: none; margin: 16px 0; padding: 0; }
        .tiles li { background: var(--panel); border-radius: 8px; padding: 10px 12px; cursor: help; } .tiles b { font-size: 1.35rem;
          line-height: 1.3; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .tiles span { display: block; color: var(--soft); font-size: .82rem; } .tiles b { display: block; }
        details { margin: 10px 0; } summary { cursor: pointer; color: var(--soft); font-size: .92rem; } td[title] { cursor: help; }
        .meter { display: inline-block; width: 100px; height: 10px; vertical-align: middle; }
        .shade { border-left: 2px solid var(--ground); }
        .up1 { background: color-mix(in srgb, var(--c0) 10%, transparent); } .up2 { background: color-mix(in srgb, var(--c0) 20%, transparent); }
        .up3 { background: color-mix(in srgb, var(--c0) 30%, transparent); } .up4 { background: color-mix(in srgb, var(--c0) 42%, transparent); }
        .up5 { background: color-mix(in srgb, var(--c0) 55%, transparent); }
        .down1 { background: color-mix(in srgb, var(--c1) 10%, transparent); } .down2 { background: color-mix(in srgb, var(--c1) 20%, transparent); }
        .down3 { background: color-mix(in srgb, var(--c1) 30%, transparent); } .down4 { background: color-mix(in srgb, var(--c1) 42%, transparent); }
        .down5 { background: color-mix(in srgb, var(--c1) 55%, transparent); }
        text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        path { vector-effect: non-scaling-stroke; } .grid { stroke: var(--rule); } .zero, .axis, .tick { stroke: var(--soft); }
        .mark { stroke: var(--soft); stroke-dasharray: 3 3; }
        .line { fill: none; stroke: var(--c); stroke-width: 1.7; stroke-linejoin: round; } .dashed { stroke-dasharray: 6 4; } .dotted { stroke-dasharray: 1.5 3.5; }
        .band { fill: var(--c); fill-opacity: .22; } .dot { fill: none; stroke: var(--c); stroke-width: 4.4; stroke-linecap: round; stroke-opacity: .7; } .bar { fill: var(--c); fill-opacity: .85; }
        .marker { fill: var(--c); stroke: var(--panel); stroke-width: .7; } .cell { fill: var(--c); } .frame { fill: none; stroke: var(--ink);
          stroke-width: 2; } .value { fill: var(--ink); }
        .c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); } .c4 { --c: var(--c4); }
        .c5 { --c: var(--c5); } .c6 { --c: var(--c6); }
        @media (max-width: 640px) { .wide { display: none; } .narrow { display: block; } figure { margin: 14px -8px; padding: 12px 8px 8px; }
          main { padding: 16px 12px 32px; } .tiles { grid-template-columns: repeat(2, 1fr); gap: 8px; } .tiles b { font-size: 1.15rem; } h1 { font-size: 1.4rem; }
          th, td { padding-right: 8px; } .number { padding-left: 8px; padding-right: 0; } .meter { width: 60px; }
          table:not(.dense) td:first-child:not(.number) { white-space: normal; min-width: 8.6em; }
          dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 6px; } }
        @media print { figure, tr { break-inside: avoid; } }

        """;
}
