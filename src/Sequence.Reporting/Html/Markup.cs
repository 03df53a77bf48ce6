using System.Net;
using System.Text;
using System.Xml;

namespace Sequence.Reporting;

/// <summary>Text made harmless.</summary>
internal static class Markup
{
    private const char Replacement = '\uFFFD';

    /// <summary>Escapes text for an element or a quoted attribute; what XML cannot hold becomes U+FFFD.</summary>
    public static string Escape(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            var letter = text[index];
            if (char.IsHighSurrogate(letter) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                clean.Append(letter).Append(text[++index]);
            }
            else
            {
                clean.Append(XmlConvert.IsXmlChar(letter) ? letter : Replacement);
            }
        }

        return WebUtility.HtmlEncode(clean.ToString());
    }
}
