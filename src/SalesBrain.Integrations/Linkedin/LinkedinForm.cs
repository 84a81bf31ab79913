using System.Text.Json;
using SalesBrain.Integrations.Forms;

namespace SalesBrain.Integrations.Linkedin;

/// <summary>Settings of a LinkedIn source: an ad account whose lead forms are read.</summary>
/// <param name="AccountId">The ad account's number.</param>
/// <param name="LeadType">Which forms are read.</param>
/// <param name="PageSize">Leads per request, 1 to 100.</param>
internal sealed record LinkedinConfig(string AccountId, string LeadType, int PageSize)
{
    internal static LinkedinConfig Read(FormReader form)
    {
        var config = new LinkedinConfig(
            form.Text("account_id", 20, FormPatterns.Digits(), "must be the number of an ad account"),
            form.Choice("lead_type", ["SPONSORED", "EVENT", "COMPANY", "ORGANIZATION_PRODUCT"], "SPONSORED"),
            form.Number("page_size", 50, 1, 100));
        form.End();
        return config;
    }
}

/// <summary>Credentials of a LinkedIn source: an OAuth access token with the scope <c>r_marketing_leadgen_automation</c>.</summary>
internal sealed record LinkedinCredentials(string AccessToken)
{
    internal static LinkedinCredentials Read(FormReader form)
    {
        var credentials = new LinkedinCredentials(
            form.Text("access_token", 4000, FormPatterns.Token(), "must be printable characters without spaces"));
        form.End();
        return credentials;
    }

    /// <summary>A record's text would hold the token.</summary>
    public override string ToString() => nameof(LinkedinCredentials);
}

/// <summary>Which leads a job reads: those submitted in the last days. LinkedIn keeps them for 365 days.</summary>
internal sealed record LinkedinFilters(int Days)
{
    internal static LinkedinFilters Read(FormReader form)
    {
        var filters = new LinkedinFilters(form.Number("days", 365, 1, 365));
        form.End();
        return filters;
    }

    internal static LinkedinFilters Read(JsonElement? filters) => Read(new FormReader("filters", filters));
}
