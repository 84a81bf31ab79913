using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Core.Tenants;

/// <summary>An id of a Genesys organization, see <see cref="GenesysOrgIds"/>, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GenesysOrgIdAttribute : RegularExpressionAttribute
{
    public GenesysOrgIdAttribute() : base(@"^\s*[^\s\u0000-\u001F\u007F-\u009F]{1,255}\s*$") => ErrorMessage = GenesysOrgIds.Rule;

    public override bool IsValid(object? value) => value is not string text || GenesysOrgIds.Read(text) is not null;
}
