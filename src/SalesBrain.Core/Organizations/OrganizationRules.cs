using System.Globalization;
using System.Text;
using SalesBrain.Core.Values;

namespace SalesBrain.Core.Organizations;

/// <summary>How the keys of organizations are derived.</summary>
public static class OrganizationRules
{
    /// <summary>Longest slug and tenant key.</summary>
    public const int MaxKeyLength = 63;

    /// <summary>The format of a slug (constraint <c>organization_slug_check</c>).</summary>
    public const string SlugPattern = "^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$";

    /// <summary>The format of a tenant key (constraint <c>tenant_tenant_key_check</c>).</summary>
    public const string TenantKeyPattern = "^[a-z0-9][a-z0-9_-]{0,62}$";

    /// <summary>
    /// The slug derived from a name, without accents: <c>Acme Über Corp.</c> → <c>acme-uber-corp</c>. Null if no ASCII letter or digit is
    /// left.
    /// </summary>
    public static string? SlugOf(string name)
    {
        var slug = new StringBuilder();
        // Decomposed, a letter with an accent is the letter and a mark.
        foreach (var letter in NormalForms.Nfkd(name.ToLowerInvariant()))
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark)
            {
                continue;
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
            if (slug.Length == MaxKeyLength)
            {
                break;
            }
        }
        var text = slug.ToString().TrimEnd('-');
        return text.Length == 0 ? null : text;
    }

    /// <summary>The default tenant key: <c>acme-corp</c> → <c>acme_corp</c>.</summary>
    public static string TenantKeyOf(string slug) => slug.Replace('-', '_');
}
