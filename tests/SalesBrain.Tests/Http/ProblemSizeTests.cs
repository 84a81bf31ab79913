using System.Net;
using System.Text.Json;
using SalesBrain.Functions.Http.Binding;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Http;

/// <summary>The response to invalid input stays small, whatever was sent.</summary>
public sealed class ProblemSizeTests(TestApp app)
{
    private const int MaxBytes = 25_000;

    [Fact]
    public async Task Unknown_members_are_listed_up_to_20_and_counted()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $"\"unknown{i}\":1")) + "}";

        var problem = await InvalidAsync(client => client.PostTextAsync(CrmWorld.Agencies, body));

        Assert.Equal(20, CountOf(problem));
        // The required name is missing as well.
        Assert.Equal(
            "The input is not valid. See errors for each invalid field. It lists the first 20; there are 59981 more.",
            problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Long_names_are_cut_and_never_inside_a_character()
    {
        var body = $$"""{"{{new string('x', 99)}}😀{{new string('y', 500_000)}}": 1, "name": "Desk"}""";

        var problem = await InvalidAsync(client => client.PostTextAsync(CrmWorld.Agencies, body));

        Assert.Equal(new string('x', 99) + "…", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Fact]
    public async Task Items_of_arrays_and_values_of_parameters_count_alike()
    {
        var ids = string.Join(',', Enumerable.Repeat("\"no id\"", 60_000));
        var items = await InvalidAsync(
            client => client.PostTextAsync("/api/admin/webhooks/logs/bulk-retry", $$"""{"log_ids": [{{ids}}]}"""));
        Assert.Equal(20, CountOf(items));

        var query = string.Join('&', Enumerable.Range(0, 400).Select(i => $"unknown{i}={new string('v', 5)}"));
        var parameters = await InvalidAsync(client => client.GetAsync($"/api/admin/webhooks/logs?{query}"));
        Assert.Equal(20, CountOf(parameters));

        var rules = string.Join(',', Enumerable.Repeat("""{"name":1,"conditions":7,"x":1}""", 500));
        var nested = await InvalidAsync(client => client.PutTextAsync("/api/admin/assignment-rules", $$"""{"rules": [{{rules}}]}"""));
        Assert.Equal(20, CountOf(nested));
    }

    [Fact]
    public void Messages_are_cut()
    {
        var errors = new InputErrors();
        errors.Add("name", new string('m', 100_000));

        Assert.Equal(1001, errors.ToDictionary()["name"][0].Length);
    }

    private static int CountOf(JsonElement problem) =>
        problem.GetProperty("errors").EnumerateObject().Sum(member => member.Value.GetArrayLength());

    private async Task<JsonElement> InvalidAsync(Func<HttpClient, Task<HttpResponseMessage>> send)
    {
        using var response = await send(app.As(await app.CreateUserAsync("owner")));
        Assert.InRange((await response.Content.ReadAsByteArrayAsync()).Length, 1, MaxBytes);
        return await response.ProblemAsync(HttpStatusCode.UnprocessableEntity, "invalid");
    }
}
