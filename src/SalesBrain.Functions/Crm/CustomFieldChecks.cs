using SalesBrain.Core.Crm;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Crm;

/// <summary>
/// Checks conditions on custom fields. An organization names those that can be filtered by, because each needs an index look-up.
/// </summary>
internal static class CustomFieldChecks
{
    /// <summary>For the documentation of lists that have such conditions.</summary>
    internal const string About =
        "Custom fields are filtered with parameters such as custom.size=50: the field has that value, as a text, a number or a boolean. "
        + "Repeat a parameter for alternatives; different fields must all match. The names must be in the organization's "
        + "settings (filterable_fields).";

    /// <summary>
    /// 422 for a field that the organization has not allowed; null if there is none. Costs a look-up if there are conditions.
    /// </summary>
    internal static async Task<Problem?> CheckAsync(Call call, Guid? organizationId, IReadOnlyList<CustomFieldFilter> fields)
    {
        if (fields.Count == 0)
        {
            return null;
        }
        if ((call.Caller.OrganizationId ?? organizationId) is not { } organization)
        {
            return Problems.InvalidMember(
                "organization_id", "is required with a filter by custom fields, because you do not belong to an organization");
        }
        var allowed = FilterableFields.Of(await OrganizationTable.FindSettingsAsync(call.Read(), organization, call.CancellationToken));
        var errors = new InputErrors();
        foreach (var field in fields.Where(field => !allowed.Contains(field.Name, StringComparer.Ordinal)))
        {
            errors.Add(CustomFieldFilter.Prefix + field.Name, "is not in the organization's filterable_fields");
        }
        return errors.Any ? Problems.InvalidInput(errors) : null;
    }
}
