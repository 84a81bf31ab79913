using System.ComponentModel.DataAnnotations;

namespace SalesBrain.Core.Access;

/// <summary>The canonical name of a role, as responses contain it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CanonicalRoleAttribute() : AllowedValuesAttribute([.. Roles.All.Select(role => role.Name())]);
