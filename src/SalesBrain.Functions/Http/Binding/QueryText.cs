using SalesBrain.Core.Values;

namespace SalesBrain.Functions.Http.Binding;

/// <summary>Texts of query strings and forms, in which a plus sign stands for a blank.</summary>
public static class QueryText
{
    /// <summary>
    /// Callers often write the plus sign of an e-mail address as it is, and it arrives as a blank: <c>?contact_email=a+b@x.example</c>. No
    /// address has a blank, so where plus signs for all of its blanks make an address of the text, they are what was meant. All other texts
    /// stay as they are.
    /// </summary>
    public static string WithPlusSigns(string text)
    {
        var restored = text.Trim().Replace(' ', '+');
        return restored.IndexOf('@') > restored.LastIndexOf('+') && restored.Contains('+') && Emails.IsValid(restored) ? restored : text;
    }
}
