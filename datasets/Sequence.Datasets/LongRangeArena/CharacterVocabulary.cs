using System.Text;

namespace Sequence.Datasets;

/// <summary>
/// Characters as bytes: padding 0, unknown 1, end 2, then the characters in the order of their Unicode code points. A character
/// is a code point, as in Python.
/// </summary>
/// <remarks>
/// The S4 loader keeps the same characters but numbers them by how often they occur, which only permutes the rows of an
/// embedding. It counts within the characters a model gets to see; <see cref="Build"/> does so when told the length.
/// </remarks>
public sealed class CharacterVocabulary
{
    /// <summary>Padding behind the end of a sequence.</summary>
    public const byte Padding = 0;

    /// <summary>A character that is not in the vocabulary.</summary>
    public const byte Unknown = 1;

    /// <summary>The end of a sequence.</summary>
    public const byte End = 2;

    private const int Special = 3;
    private const int MostCharacters = 256 - Special;

    private readonly Dictionary<Rune, byte> _bytes = [];

    /// <summary>Takes the characters, for example those of <see cref="Characters"/> kept beside a model.</summary>
    /// <param name="characters">Each once, in any order.</param>
    /// <exception cref="ConfigurationException">One is there twice, or there are more than 253.</exception>
    public CharacterVocabulary(string characters)
    {
        ArgumentNullException.ThrowIfNull(characters);
        var runes = characters.EnumerateRunes().Order().ToArray();
        var faults = new List<string>();
        if (runes.Length > MostCharacters)
        {
            faults.Add($"There are {runes.Length} characters; {MostCharacters} fit beside the three special ones in a byte.");
        }

        for (var index = 0; index < runes.Length; index++)
        {
            if (!_bytes.TryAdd(runes[index], (byte)(Special + index)))
            {
                faults.Add($"The character {runes[index]} (U+{runes[index].Value:X4}) is there twice.");
            }
        }

        ConfigurationException.ThrowIfAny(faults);
        Characters = string.Concat(runes);
        Count = Special + runes.Length;
    }

    /// <summary>The characters in order; the first has the byte 3.</summary>
    public string Characters { get; }

    /// <summary>Size of the vocabulary with the three special symbols.</summary>
    public int Count { get; }

    /// <summary>The characters that occur often enough.</summary>
    /// <param name="texts">The training part.</param>
    /// <param name="minimumCount">Fewest occurrences; S4 takes 15 for film reviews and 1 for document pairs.</param>
    /// <param name="maximumLength">
    /// Greatest length of a model's input: only the first <paramref name="maximumLength"/> - 1 characters of a text count. Null
    /// counts them all.
    /// </param>
    /// <exception cref="ConfigurationException">More than 253 occur often enough.</exception>
    public static CharacterVocabulary Build(IEnumerable<string> texts, int minimumCount, int? maximumLength = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(minimumCount);
        var most = (maximumLength ?? int.MaxValue) - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(most, nameof(maximumLength));
        var counts = new long[char.MaxValue + 1];
        var rare = new Dictionary<Rune, long>();
        foreach (var text in texts)
        {
            var seen = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                if (seen++ == most)
                {
                    break;
                }

                if (rune.IsBmp)
                {
                    counts[rune.Value]++;
                }
                else
                {
                    rare[rune] = rare.GetValueOrDefault(rune) + 1;
                }
            }
        }

        var kept = Enumerable.Range(0, counts.Length).Where(value => counts[value] >= minimumCount).Select(value => new Rune(value))
            .Concat(rare.Where(pair => pair.Value >= minimumCount).Select(pair => pair.Key));
        return new CharacterVocabulary(string.Concat(kept));
    }

    /// <summary>
    /// A model's input: the bytes of the first <paramref name="maximumLength"/> - 1 characters, then <see cref="End"/>.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="maximumLength">Greatest length of the result; S4 takes 4096 for film reviews, 4000 for document pairs.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is not positive.</exception>
    public byte[] Encode(string text, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        var bytes = new byte[Math.Min((long)text.Length + 1, maximumLength)];
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (length == maximumLength - 1)
            {
                break;
            }

            bytes[length++] = _bytes.GetValueOrDefault(rune, Unknown);
        }

        // A surrogate pair is one character, so the text may be shorter than it looked.
        bytes[length++] = End;
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <summary>The texts as a model's input; see <see cref="Encode(string, int)"/>.</summary>
    /// <param name="texts">Texts and classes.</param>
    /// <param name="maximumLength">Greatest length of a result.</param>
    public IReadOnlyList<LabelledSequence> Encode(IReadOnlyList<LabelledText> texts, int maximumLength)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maximumLength);
        return [.. texts.Select(text => new LabelledSequence(Encode(text.Text, maximumLength), text.Label))];
    }
}
