using System.Text.Json;
using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Apollo;

/// <summary>The filters of Apollo's people search that a job may use.</summary>
internal static class ApolloFilters
{
    private const int MaxValues = 100;
    private const int MaxLength = 200;

    private static readonly string[] Lists =
    [
        "person_titles", "person_seniorities", "person_locations", "organization_locations", "q_organization_domains_list",
        "organization_ids", "organization_num_employees_ranges", "contact_email_status",
    ];

    /// <summary>As query parameters. Problems are collected in <paramref name="form"/>.</summary>
    internal static List<KeyValuePair<string, string>> Read(FormReader form)
    {
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var name in Lists)
        {
            parameters.AddRange(form.TextList(name, MaxValues, MaxLength).Select(value => KeyValuePair.Create($"{name}[]", value)));
        }
        if (form.OptionalText("q_keywords", MaxLength) is { } keywords)
        {
            parameters.Add(new("q_keywords", keywords));
        }
        if (!form.Bool("include_similar_titles", true))
        {
            parameters.Add(new("include_similar_titles", "false"));
        }
        form.End();
        return parameters;
    }

    internal static List<KeyValuePair<string, string>> Read(JsonElement? filters) => Read(new FormReader("filters", filters));
}
