using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using SalesBrain.Core.Access;
using SalesBrain.LocalHost.Hosting;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Access;

/// <summary>Every endpoint, called as every role, about things in its own scope, in another scope and in another organization.</summary>
public sealed class RoleTableTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    public static TheoryData<string> Endpoints => [.. RoleTable.Rows.Keys];

    public static TheoryData<string> ClosedEndpoints => [.. RoleTable.Rows.Where(row => row.Value is not null).Select(row => row.Key)];

    [Fact]
    public void Table_names_exactly_the_endpoints_that_there_are() =>
        Assert.Equal(
            FunctionCatalog.Load().Http.Select(function => function.Name).Order(StringComparer.Ordinal),
            RoleTable.Rows.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(ClosedEndpoints))]
    public async Task Endpoint_answers_each_role_as_the_table_says(string function)
    {
        var expected = RoleTable.Rows[function]!;
        // A refused request changes nothing, so all roles that must be refused everywhere ask about the same things.
        var refused = new List<Trial>();
        foreach (var place in world.Places)
        {
            refused.Add(await EndpointTrials.All[function](world.App, place));
        }

        var found = await Task.WhenAll(
            Roles.All.Select(async role => (role, Letters: await LettersAsync(function, role, expected[role], refused))));

        Assert.Equal(
            string.Join(' ', Roles.All.Select(role => $"{role.Name()}:{expected[role]}")),
            string.Join(' ', found.Select(row => $"{row.role.Name()}:{row.Letters}")));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Endpoint_that_is_not_open_to_anyone_asks_for_a_sign_in(string function)
    {
        if (RoleTable.Rows[function] is null)
        {
            Assert.DoesNotContain(function, EndpointTrials.All.Keys);
            return;
        }
        var trial = await EndpointTrials.All[function](world.App, world.Places[0]);

        using var response = await SendAsync(world.App.Http, trial, trial.Path);

        await response.ProblemAsync(HttpStatusCode.Unauthorized, "unauthorized");
    }

    /// <summary>One letter for each place; one alone where the table says that all are the same.</summary>
    private async Task<string> LettersAsync(string function, Role role, string expected, IReadOnlyList<Trial> refused)
    {
        using var client = world.App.As(world.User(role));
        var letters = "";
        foreach (var (place, trial) in world.Places.Zip(refused))
        {
            letters += await LetterAsync(client, expected == "n" ? trial : await EndpointTrials.All[function](world.App, place));
        }
        return expected.Length == 1 && letters.Distinct().Count() == 1 ? letters[..1] : letters;
    }

    private static async Task<char> LetterAsync(HttpClient client, Trial trial)
    {
        using var response = await SendAsync(client, trial, trial.Path);
        var text = await response.Content.ReadAsStringAsync();
        switch (response.StatusCode)
        {
            case HttpStatusCode.Forbidden:
                return 'n';
            case HttpStatusCode.UnprocessableEntity:
                return '!';
            case HttpStatusCode.NotFound when trial.Names is { } id:
                using (var random = await SendAsync(client, trial, trial.Path.Replace(id.ToString(), Guid.CreateVersion7().ToString(), StringComparison.Ordinal)))
                {
                    Assert.Equal((await random.JsonAsync()).WithoutTrace(), JsonElement.Parse(text).WithoutTrace());
                }
                return '-';
            default:
                Assert.True(response.IsSuccessStatusCode, $"{trial.Method} {trial.Path}: {(int)response.StatusCode} {text}");
                var reached = trial.Reaches?.Invoke(text)
                    ?? (trial.Shows is not { } shown || text.Contains(shown.ToString(), StringComparison.Ordinal));
                return reached ? 'y' : '-';
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, Trial trial, string path)
    {
        using var request = new HttpRequestMessage(trial.Method, path);
        request.Content = trial.Body is null
            ? null
            : JsonContent.Create(trial.Body, trial.Body.GetType(), options: new JsonSerializerOptions());
        if (trial.Raw is { } raw)
        {
            request.Content = new ByteArrayContent(raw.Bytes) { Headers = { ContentType = MediaTypeHeaderValue.Parse(raw.ContentType) } };
        }
        return await client.SendAsync(request);
    }
}
