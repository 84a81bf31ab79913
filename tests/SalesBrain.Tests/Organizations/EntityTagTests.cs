using System.Net;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Organizations;

/// <summary>
/// ETag, If-None-Match and If-Match of resources in the CRM. The clock stands still, so that only versions tell changes apart.
/// </summary>
[Collection(ClockedApp.Collection)]
public sealed class EntityTagTests(ClockedApp app)
{
    public enum Kind
    {
        Organization,
        Agency,
        Client,
        User,
    }

    public static TheoryData<Kind> EveryKind => [.. Enum.GetValues<Kind>()];

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Tag_stays_while_nothing_changes_and_changes_with_every_change(Kind kind)
    {
        var (client, path) = await CreateAsync(kind);
        var first = await TagAsync(client, path);

        Assert.Equal(first, await TagAsync(client, path));
        using (var unchanged = await GetAsync(client, path, first))
        {
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            Assert.Equal(first, unchanged.Headers.ETag?.ToString());
            Assert.Empty(await unchanged.Content.ReadAsByteArrayAsync());
        }
        // A change and its reversal at the same time.
        var second = await PutTagAsync(client, path, Change(kind, "Second"));
        var third = await PutTagAsync(client, path, Change(kind, "Third"));
        var fourth = await PutTagAsync(client, path, Change(kind, "Second"));
        Assert.Equal(4, new[] { first, second, third, fourth }.Distinct().Count());
        Assert.Equal(fourth, await TagAsync(client, path));
        using var changed = await GetAsync(client, path, first);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Change_that_changes_nothing_leaves_tag_row_and_audit_log_alone(Kind kind)
    {
        var (client, path) = await CreateAsync(kind);
        var tag = await PutTagAsync(client, path, Change(kind, "Same"));
        var id = Guid.Parse(path.Split('/')[^1]);
        var row = await app.RowAsync(TableOf(kind), id);
        var audit = (await app.AuditOfAsync(id)).Count;

        Assert.Equal(tag, await PutTagAsync(client, path, Change(kind, "Same")));
        Assert.Equal(tag, await PutTagAsync(client, path, "{}"));

        Assert.Equal(row, await app.RowAsync(TableOf(kind), id));
        Assert.Equal(audit, (await app.AuditOfAsync(id)).Count);
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Change_based_on_an_old_version_is_refused_and_changes_nothing(Kind kind)
    {
        var (client, path) = await CreateAsync(kind);
        var old = await TagAsync(client, path);
        var current = await PutTagAsync(client, path, Change(kind, "Somebody else's"));
        var id = Guid.Parse(path.Split('/')[^1]);
        var row = await app.RowAsync(TableOf(kind), id);

        foreach (var tag in new[] { old, "\"nonsense\"", "\"\"", "", current.Replace(id.ToString("N")[^12..], "000000000000", StringComparison.Ordinal) })
        {
            using var put = await client.PutTextAsync(path, Change(kind, "Mine"), tag);
            await put.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
            using var same = await client.PutTextAsync(path, Change(kind, "Somebody else's"), tag);
            await same.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
            if (kind != Kind.Organization)
            {
                using var deleted = await client.SendAsync(HttpMethod.Delete, path, ifMatch: tag);
                await deleted.ProblemAsync(HttpStatusCode.PreconditionFailed, "changed_meanwhile");
            }
        }
        Assert.Equal(row, await app.RowAsync(TableOf(kind), id));
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Current_version_any_version_and_no_version_are_taken(Kind kind)
    {
        var (client, path) = await CreateAsync(kind);
        var first = await TagAsync(client, path);
        // The camelCase response has the same version; a proxy that compresses weakens tags.
        using var camelRequest = new HttpRequestMessage(HttpMethod.Get, path);
        camelRequest.Headers.Add("Accept", "application/json; case=camel");
        using var camel = await client.SendAsync(camelRequest);
        Assert.NotEqual(first, camel.Headers.ETag!.ToString());

        var second = await PutTagAsync(client, path, Change(kind, "2"), camel.Headers.ETag.ToString());
        var third = await PutTagAsync(client, path, Change(kind, "3"), "W/" + second);
        await PutTagAsync(client, path, Change(kind, "4"), $"{first}, {third}");
        await PutTagAsync(client, path, Change(kind, "5"), "*");
        var last = await PutTagAsync(client, path, Change(kind, "6"));

        using var missing = await client.PutTextAsync($"{path[..path.LastIndexOf('/')]}/{Guid.NewGuid()}", Change(kind, "7"), last);
        await missing.ProblemAsync(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [MemberData(nameof(EveryKind))]
    public async Task Of_many_changes_at_once_that_name_a_version_one_is_taken(Kind kind)
    {
        var (client, path) = await CreateAsync(kind);
        var tag = await TagAsync(client, path);

        var statuses = await Task.WhenAll(Enumerable.Range(1, 8).Select(async i =>
        {
            using var response = await client.PutTextAsync(path, Change(kind, $"Change {i}"), tag);
            return response.StatusCode;
        }));

        Assert.Single(statuses, HttpStatusCode.OK);
        Assert.Equal(7, statuses.Count(status => status == HttpStatusCode.PreconditionFailed));
        var id = Guid.Parse(path.Split('/')[^1]);
        Assert.Single(await app.AuditOfAsync(id), entry => entry.Action.EndsWith(".updated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_version_parallel_changes_of_different_members_all_stay()
    {
        var (client, path) = await CreateAsync(Kind.Client);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            PutTagAsync(client, path, i % 2 == 0 ? $$"""{"city": "City {{i}}"}""" : $$"""{"industry": "Industry {{i}}"}""")));

        var shown = await client.GetDataAsync(path);
        Assert.StartsWith("City ", shown.GetProperty("city").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("Industry ", shown.GetProperty("industry").GetString(), StringComparison.Ordinal);
        Assert.Equal(9, await app.QuerySingleAsync<long>(
            "select version from app.client where id = @id", new { id = shown.GetProperty("id").GetGuid() }));
    }

    [Fact]
    public async Task Signing_in_changes_the_answer_but_outdates_no_edit()
    {
        var (client, path) = await CreateAsync(Kind.User);
        var tag = await TagAsync(client, path);
        await app.ExecuteAsync("update app.user set last_sign_in_at = now() where id = @id", new { id = Guid.Parse(path.Split('/')[^1]) });

        using (var shown = await GetAsync(client, path, tag))
        {
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        }
        await PutTagAsync(client, path, Change(Kind.User, "Edited"), tag);
    }

    [Fact]
    public async Task Created_thing_comes_with_the_tag_it_is_shown_with()
    {
        using var client = app.As(await app.CreateUserAsync("owner"));

        using var response = await client.PostTextAsync(CrmWorld.Agencies, """{"name": "New"}""");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(await TagAsync(client, response.Headers.Location!.ToString()), response.Headers.ETag?.ToString());
    }

    private async Task<(HttpClient Client, string Path)> CreateAsync(Kind kind)
    {
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        return (app.As(owner), kind switch
        {
            Kind.Organization => $"{CrmWorld.Organizations}/{organization}",
            Kind.Agency => $"{CrmWorld.Agencies}/{await app.CreateAgencyAsync(organization)}",
            Kind.Client => $"{CrmWorld.Clients}/{await app.CreateClientAsync(organization)}",
            _ => $"{CrmWorld.Users}/{(await app.CreateUserAsync("member", organization)).Id}",
        });
    }

    private static string TableOf(Kind kind) => kind.ToString().ToLowerInvariant();

    private static string Change(Kind kind, string text) =>
        kind == Kind.User ? $$"""{"first_name": "{{text}}"}""" : $$"""{"name": "{{text}}"}""";

    private static async Task<string> TagAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return response.Headers.ETag!.ToString();
    }

    private static async Task<HttpResponseMessage> GetAsync(HttpClient client, string path, string tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        return await client.SendAsync(request);
    }

    private static async Task<string> PutTagAsync(HttpClient client, string path, string json, string? ifMatch = null)
    {
        using var response = await client.PutTextAsync(path, json, ifMatch);
        await response.DataAsync();
        return response.Headers.ETag!.ToString();
    }
}
