using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Assignments;

/// <summary>What AutoAssignContacts refuses as input.</summary>
public sealed class AutoAssignContactsInputTests(TestApp app)
{
    [Theory]
    [InlineData("{}", "contact_ids")]
    [InlineData("""{"contact_ids": ["019c1300-0000-7000-8000-000000000001"], "filter": {}}""", "contact_ids")]
    [InlineData("""{"contact_ids": []}""", "contact_ids")]
    [InlineData("""{"filter": {"country": "", "min_lead_score": 101, "state": "x"}}""", "filter.country,filter.min_lead_score,filter.state")]
    [InlineData("""{"filter": {"min_lead_score": 2, "max_lead_score": 1}}""", "filter.max_lead_score")]
    [InlineData("""{"filter": {}, "strategy": "random", "dry_run": "no"}""", "dry_run,strategy")]
    [InlineData("""{"filter": {}, "organization_id": "019c1300-0000-7000-8000-000000000001", "created_by": "019c1300-0000-7000-8000-000000000001"}""", "created_by,organization_id")]
    public async Task Bad_input_is_refused_by_member(string body, string members)
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(AssignmentWorld.AutoAssign, body);

        var problem = await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
        Assert.Equal(members, problem.Members());
    }

    [Fact]
    public async Task A_thousand_and_one_ids_are_too_many()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostAsync(
            AssignmentWorld.AutoAssign, new { contact_ids = Enumerable.Range(0, 1001).Select(_ => Guid.NewGuid()) });

        await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }
}
