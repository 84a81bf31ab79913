using System.Net.Http.Headers;
using System.Text.Json;
using SalesBrain.Tests.App;
using Xunit.Sdk;

namespace SalesBrain.Tests.Documentation.Requests;

/// <summary>
/// Requests that are generated from the description. Whatever is sent, no response is a 5xx, every response is as documented, what the
/// schemas do not allow is refused, and what they allow is refused as invalid only by a check that <see cref="DocumentedChecks"/> names.
/// The requests are the same in every run. The environment variable <c>SALESBRAIN_REQUEST_SEED</c> makes others, and
/// <c>SALESBRAIN_REQUESTS</c> more of them for each operation.
/// </summary>
public sealed class GeneratedRequestTests(SignInApp app) : IClassFixture<SignInApp>
{
    private const int DefaultSeed = 20260131;
    private const int DefaultRequests = 60;

    private static readonly JsonElement Description = JsonElement.Parse(
        File.ReadAllText(Path.Combine(DocumentedFunctions.Repository, "docs", "openapi.json")));
    private static readonly Dictionary<string, DescribedOperation> ByName = DescribedOperation.AllOf(Description)
        .ToDictionary(operation => operation.Name);

    private static readonly Lazy<string[]> Said = new(() =>
    [
        .. Description.At("components schemas").EnumerateObject().SelectMany(schema => SchemaValues.Members(schema.Value))
            .Select(member => member.Value.TryGetProperty("description", out var text) ? text.GetString()! : ""),
    ]);

    private static RequestWorld? _shared;

    public static TheoryData<string> Operations => [.. ByName.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_generated_request_gets_a_documented_response(string name)
    {
        var operation = ByName[name];
        var random = new Random(Setting("SALESBRAIN_REQUEST_SEED", DefaultSeed) ^ StableHash(name));
        // What changes nothing can share what is there.
        var world = operation.Method == HttpMethod.Get ? _shared ??= await RequestWorld.CreateAsync(app, operation) : await RequestWorld.CreateAsync(app, operation);
        var requests = new GeneratedRequests(operation, new SchemaValues(Description, random, world), world, random)
            .Take(Setting("SALESBRAIN_REQUESTS", DefaultRequests));
        var (faults, succeeded) = (new List<string>(), 0);
        foreach (var request in requests)
        {
            try
            {
                using var response = await SendAsync(operation, world, request);
                succeeded += (int)response.StatusCode is >= 200 and < 400 && request.IsValid ? 1 : 0;
                if (await FaultOfAsync(operation, request, response) is { } fault)
                {
                    faults.Add($"{request}\n    {fault}");
                }
            }
            catch (XunitException undocumented)
            {
                faults.Add($"{request}\n    {undocumented.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{requests.Count} requests, of which {requests.Count(request => request.IsValid)} are valid");
        Assert.True(faults.Count == 0, $"{faults.Count} of {requests.Count} requests:\n{string.Join('\n', faults.Take(25))}");
        Assert.True(
            succeeded > 0 || DocumentedChecks.NeverSucceeds.Contains(name),
            "No valid request succeeded, so little of the operation was tried.");
    }

    private static async Task<string?> FaultOfAsync(DescribedOperation operation, GeneratedRequest request, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status >= 500)
        {
            return $"returned {status} {await response.Content.ReadAsStringAsync()}";
        }
        if (request.MustBeRefused && status is < 400)
        {
            return $"returned {status}, although the description does not allow the request";
        }
        if (request.IsValid && status is 400 or 415 && !DocumentedChecks.RefusesStates.Contains(operation.Name))
        {
            return $"returned {status}, although the description allows the request";
        }
        if (!request.IsValid || status != 422)
        {
            return null;
        }
        var problem = await response.JsonAsync();
        var unexpected = problem.GetProperty("errors").EnumerateObject()
            .Where(error => !DocumentedChecks.MayRefuse(operation.Name, error.Name)
                && !error.Value.EnumerateArray().All(message => IsSaid(message.GetString()!))).ToList();
        return unexpected.Count == 0
            ? null
            : $"was refused, although the description allows it: {string.Join(", ", unexpected.Select(error => error.ToString()))}";
    }

    /// <summary>Whether the rule is in the words of a description, because no schema can express it.</summary>
    private static bool IsSaid(string rule) => Said.Value.Any(description => description.Contains($"It {rule}.", StringComparison.Ordinal));

    private async Task<HttpResponseMessage> SendAsync(DescribedOperation operation, RequestWorld world, GeneratedRequest request)
    {
        using var message = new HttpRequestMessage(operation.Method, new Uri(request.Path + request.Query, UriKind.Relative));
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue(request.ContentType);
        }
        var token = request.Role switch
        {
            null => operation.IsAnonymous ? null : world.TokenOf(RoleFor(operation)),
            "nobody" => null,
            { } role when world.Roles.Contains(role) => world.TokenOf(role),
            _ => "e30.e30.e30",
        };
        if (token is not null)
        {
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }
        if (operation.TakesWebhookToken)
        {
            message.Headers.Add("X-Webhook-Token", world.Find("token"));
        }
        // Another address each time, so that no limit per address ends the test.
        message.Headers.Add("X-Forwarded-For", SignInApp.NewAddress());
        foreach (var (header, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(header, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(header, value);
            }
        }
        return await app.Http.SendAsync(message);
    }

    private static string RoleFor(DescribedOperation operation)
    {
        var allowed = operation.WhoMayCall.Split(", ");
        return allowed.Contains("owner") || !allowed.Contains("sb_admin") ? "owner" : "sb_admin";
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;

    /// <summary>The same in every process.</summary>
    private static int StableHash(string text) => text.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter));
}
