namespace SalesBrain.Core.Values;

/// <summary>Lengths of texts as JSON Schema and PostgreSQL's <c>char_length</c> count them.</summary>
public static class CodePoints
{
    /// <summary>How many characters (code points) the text has. A letter outside the basic plane, such as an emoji, is one.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        var count = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                count--;
                i++;
            }
        }
        return count;
    }
}
