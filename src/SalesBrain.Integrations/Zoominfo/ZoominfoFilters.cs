using System.Text.Json;
using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Zoominfo;

/// <summary>The filters of ZoomInfo's contact search that a job may use. Both APIs name them alike.</summary>
internal static class ZoominfoFilters
{
    private static readonly string[] Texts =
    [
        "companyName", "companyId", "companyWebsite", "jobTitle", "managementLevel", "department", "jobFunction", "country", "state",
        "metroRegion", "industryCodes", "employeeRangeMin", "employeeRangeMax", "revenueMin", "revenueMax", "firstName", "lastName",
        "fullName", "contactAccuracyScoreMin",
    ];

    /// <summary>Problems are collected in <paramref name="form"/>.</summary>
    internal static Dictionary<string, string> Read(FormReader form)
    {
        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in Texts)
        {
            if (form.TextList(name, 100, 200) is { Count: > 0 } values)
            {
                filters[name] = string.Join(',', values);
            }
        }
        form.End();
        return filters;
    }

    internal static Dictionary<string, string> Read(JsonElement? filters) => Read(new FormReader("filters", filters));
}
