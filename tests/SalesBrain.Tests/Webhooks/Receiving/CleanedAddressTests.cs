using System.Net;
using System.Text.Json;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Webhooks.Receiving;

/// <summary>One person is one contact, however the address is written.</summary>
[Collection(SerialApp.Collection)]
public sealed class CleanedAddressTests(SerialApp app)
{
    [Theory]
    [InlineData("P01")]
    [InlineData("P06")]
    public async Task Spellings_of_an_address_are_one_contact(string id)
    {
        var input = PublicCase.Input(id);
        string[] spellings = [input.GetProperty("plain").GetString()!, .. input.GetProperty("spellings").Texts()];

        var contacts = await ContactsOfAsync(spellings);

        Assert.Single(contacts.Distinct());
    }

    [Fact]
    public async Task Tags_and_dots_distinguish_people_and_letter_case_does_not()
    {
        var groups = PublicCase.Input("P08").GetProperty("groups").EnumerateArray().Select(group => group.Texts()).ToList();

        var contacts = await ContactsOfAsync([.. groups.SelectMany(group => group)]);

        Assert.Equal(groups.Count, contacts.Distinct().Count());
        Assert.Equal(
            groups.SelectMany((group, number) => group.Select(_ => number)),
            contacts.Select(contact => contacts.Distinct().ToList().IndexOf(contact)));
    }

    [Fact]
    public async Task Unsubscribing_under_a_decorated_address_suppresses_the_contact()
    {
        var input = PublicCase.Input("P03");
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        await app.DeliverAsync(endpoint, EventOf("email.sent", input.GetProperty("plain").GetString()!));
        await app.DeliverAsync(endpoint, EventOf("lead.unsubscribed", input.GetProperty("spelling").GetString()!));
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(
            ["unsubscribed"],
            await app.QueryAsync<string>("select suppression from app.contact where organization_id = @OrganizationId", endpoint));
    }

    [Theory]
    [InlineData("jane@acme..example")]
    [InlineData(".jane@acme.example")]
    [InlineData("jane@acme")]
    [InlineData("jane@acme.example, joe@acme.example")]
    public async Task Address_that_is_not_deliverable_fails_with_a_code_and_stays_in_the_payload(string email)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var id = (await app.DeliverAsync(endpoint, EventOf("email.sent", email))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);

        Assert.Equal(
            "contact_email_invalid",
            await app.QuerySingleAsync<string>("select error_code from app.webhook_log where id = @id", new { id }));
        Assert.Contains(email, await app.QuerySingleAsync<string>(
            "select convert_from(body, 'UTF8') from app.webhook_payload where log_id = @id", new { id }), StringComparison.Ordinal);
        Assert.Equal(
            0, await app.QuerySingleAsync<int>("select count(*) from app.contact where organization_id = @OrganizationId", endpoint));
    }

    [Fact]
    public async Task Filter_and_search_find_the_contact_by_any_spelling()
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var id = (await app.DeliverAsync(endpoint, EventOf("email.sent", "Jane@bücher.example"))).GetProperty("id").GetGuid();
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var client = app.As(await app.CreateUserAsync("owner", endpoint.OrganizationId));

        foreach (var query in (string[])["contact_email", "search"])
        {
            foreach (var spelling in (string[])["jane@bücher.example", "<Jane@XN--BCHER-KVA.example>", "mailto:jane@bu\u0308cher.example"])
            {
                using var response = await client.GetAsync($"/api/admin/webhooks/logs?{query}={Uri.EscapeDataString(spelling)}");
                var logs = (await response.DataAsync()).GetProperty("logs");
                Assert.Equal(id, logs.EnumerateArray().Single().GetProperty("id").GetGuid());
            }
        }
    }

    [Fact]
    public async Task Users_have_the_address_that_was_meant_or_are_refused()
    {
        var client = app.As(await app.CreateUserAsync("owner"));

        foreach (var pair in PublicCase.Input("P09").GetProperty("emails").EnumerateArray())
        {
            using var response = await client.PostAsync(
                "/api/v1/users", new { email = pair[0].GetString(), first_name = "A", last_name = "B", role = "member" });
            if (pair[1].ValueKind == JsonValueKind.Null)
            {
                var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
                Assert.True(problem.GetProperty("errors").TryGetProperty("email", out _));
            }
            else
            {
                Assert.Equal(pair[1].GetString(), (await response.DataAsync()).GetProperty("email").GetString());
            }
        }
    }

    /// <summary>The contact that an event for each of the addresses leads to.</summary>
    private async Task<List<Guid>> ContactsOfAsync(string[] emails)
    {
        var endpoint = await app.CreateTokenEndpointAsync(await app.CreateOrganizationAsync(), "custom");
        var logs = new List<Guid>();
        foreach (var email in emails)
        {
            logs.Add((await app.DeliverAsync(endpoint, EventOf("email.sent", email, logs.Count))).GetProperty("id").GetGuid());
        }
        await app.UntilProcessedAsync(endpoint.OrganizationId);
        var contacts = new List<Guid>();
        foreach (var id in logs)
        {
            contacts.Add(await app.QuerySingleAsync<Guid>("select contact_id from app.webhook_log where id = @id", new { id }));
        }
        return contacts;
    }

    private static string EventOf(string type, string email, int second = 0) => JsonSerializer.Serialize(new
    {
        event_type = type,
        timestamp = new DateTime(2026, 1, 15, 9, 30, second, DateTimeKind.Utc),
        email,
        campaign_id = "c-1",
    });
}
