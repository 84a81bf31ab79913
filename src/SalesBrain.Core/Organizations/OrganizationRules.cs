using System.Text;

namespace SalesBrain.Core.Organizations;

/// <summary>How organizations get their keys.</summary>
public static class OrganizationRules
{
    /// <summary>Longest slug and tenant key.</summary>
    public const int MaxKeyLength = 63;

    /// <summary>What a slug looks like (constraint <c>organization_slug_check</c>).</summary>
    public const string SlugPattern = "^[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?$";

    /// <summary>What a tenant key looks like (constraint <c>tenant_tenant_key_check</c>).</summary>
    public const string TenantKeyPattern = "^[a-z0-9][a-z0-9_-]{0,62}$";

    /// <summary>The slug that a name suggests: <c>Acme Corp.</c> → <c>acme-corp</c>; null when it has no letter or digit a slug can have.</summary>
    public static string? SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var letter in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(letter))
            {
                slug.Append(letter);
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

    /// <summary>The tenant key of an organization that gives none: <c>acme-corp</c> → <c>acme_corp</c>.</summary>
    public static string TenantKeyOf(string slug) => slug.Replace('-', '_');
}
