using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Core.Tenants;

/// <summary>A region of <see cref="GenesysRegions"/>, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class GenesysRegionAttribute() : AllowedValuesAttribute([.. GenesysRegions.Names])
{
    public override bool IsValid(object? value) => value is null || base.IsValid(value);
}
