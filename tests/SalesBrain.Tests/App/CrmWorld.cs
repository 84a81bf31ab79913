using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dapper;
using Npgsql;

namespace SalesBrain.Tests.App;

/// <summary>Calls of the CRM, and rows of it made straight in the database.</summary>
public static class CrmWorld
{
    public const string Organizations = "/api/v1/organizations";
    public const string Agencies = "/api/v1/agencies";
    public const string Clients = "/api/v1/clients";
    public const string Campaigns = "/api/v1/campaigns";
    public const string Users = "/api/v1/users";

    /// <summary>Sends a JSON text as it is, if there is one, expecting a version if one is named.</summary>
    public static async Task<HttpResponseMessage> SendAsync(
        this HttpClient client, HttpMethod method, string path, string? json = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }
        return await client.SendAsync(request);
    }

    public static Task<HttpResponseMessage> PutTextAsync(this HttpClient client, string path, string json, string? ifMatch = null) =>
        client.SendAsync(HttpMethod.Put, path, json, ifMatch);

    /// <summary><c>data</c> of a thing that is there.</summary>
    public static async Task<JsonElement> GetDataAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        return await response.DataAsync();
    }

    /// <summary>A page of a v1 list as a whole; a problem fails the test with its text.</summary>
    public static async Task<JsonElement> PageAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return await response.JsonAsync();
    }

    /// <summary>The ids of a page's rows, in order.</summary>
    public static Guid[] Ids(this JsonElement page) =>
        [.. page.GetProperty("data").EnumerateArray().Select(row => row.GetProperty("id").GetGuid())];

    /// <summary>The cursor behind a page; null on the last one.</summary>
    public static string? NextCursor(this JsonElement page) => page.GetProperty("pagination").GetProperty("next_cursor").GetString();

    /// <summary>All ids of a list, page by page along its cursor. The path has a question mark.</summary>
    public static async Task<List<Guid>> WalkAsync(this HttpClient client, string path, Func<Task>? between = null)
    {
        var (ids, cursor) = (new List<Guid>(), (string?)null);
        do
        {
            var page = await client.PageAsync(cursor is null ? path : $"{path}&cursor={cursor}");
            ids.AddRange(page.Ids());
            cursor = page.NextCursor();
            await (between?.Invoke() ?? Task.CompletedTask);
        }
        while (cursor is not null);
        return ids;
    }

    /// <summary>A client by its name, at an agency of its own where none is given.</summary>
    public static async Task<Guid> CreateClientAsync(
        this TestApp app, Guid organizationId, string name, Guid? agencyId = null, string status = "active", string? contactEmail = null)
    {
        var id = await app.CreateClientAsync(organizationId, agencyId);
        await app.ExecuteAsync(
            "update app.client set name = @name, status = @status, contact_email = @contactEmail where id = @id",
            new { id, name, status, contactEmail });
        return id;
    }

    /// <summary>A row of a list with a name: a user, agency, client or organization, or a lead by its contact.</summary>
    public static async Task<Guid> CreateNamedAsync(this TestApp app, string list, Guid organization, string name)
    {
        switch (list)
        {
            case "users":
                var user = await app.CreateUserAsync("member", organization);
                await app.ExecuteAsync("update app.user set first_name = null, last_name = @name where id = @Id", new { name, user.Id });
                return user.Id;
            case "agencies":
                var agency = await app.CreateAgencyAsync(organization);
                await app.ExecuteAsync("update app.agency set name = @name where id = @agency", new { name, agency });
                return agency;
            case "clients":
                return await app.CreateClientAsync(organization, name);
            case "organizations":
                var created = await app.CreateOrganizationAsync();
                await app.ExecuteAsync("update app.organization set name = @name where id = @created", new { name, created });
                return created;
            default:
                return await app.CreateLeadAsync(organization, lastName: name, company: name);
        }
    }

    /// <summary>What the audit log keeps about a thing, oldest first.</summary>
    public static Task<IReadOnlyList<AuditRow>> AuditOfAsync(this TestApp app, Guid entityId) => app.QueryAsync<AuditRow>("""
        select action, entity, actor_id, actor_role, organization_id, changes::text from app.audit_log where entity_id = @entityId order by at, id
        """, new { entityId });

    /// <summary>The row of a table as text, for telling whether it changed.</summary>
    public static Task<string> RowAsync(this TestApp app, string table, Guid id) =>
        app.QuerySingleAsync<string>($"select t::text from app.{table} t where id = @id", new { id });

    /// <summary>
    /// Runs something, possibly more than once, and returns its cost in the database: the number of statements of the tenant login, without
    /// those that begin and end transactions, and the number of blocks that the statements which find the rows of a page touched.
    /// </summary>
    public static async Task<(long Statements, long Blocks)> CostAsync(this TestApp app, Func<Task> work)
    {
        Assert.True(app.CountsStatements, $"{nameof(TestApp.CountsStatements)} is false.");
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(TestCluster.Current.SuperuserConnectionString)
        {
            Database = new NpgsqlConnectionStringBuilder(app.Database.Owner).Database,
            Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await connection.ExecuteAsync("create extension if not exists pg_stat_statements");
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var before = await CostSoFarAsync(connection);
            await work();
            var after = await CostSoFarAsync(connection);
            // The server counts a number of different statements only, of all databases together, and forgets the rarest.
            if (before.Forgotten == after.Forgotten)
            {
                return (after.Statements - before.Statements, after.Blocks - before.Blocks);
            }
        }
        throw new InvalidOperationException("The server forgets statements faster than they are counted.");
    }

    private static async Task<(long Statements, long Blocks, long Forgotten)> CostSoFarAsync(NpgsqlConnection connection)
    {
        var counted = (await StatementTexts.ReadAsync(connection)).Where(statement => !StatementTexts.IsOfConnection(statement.Query)
            && !statement.Query.StartsWith("begin", StringComparison.OrdinalIgnoreCase)
            && !statement.Query.StartsWith("commit", StringComparison.OrdinalIgnoreCase)
            && !statement.Query.StartsWith("rollback", StringComparison.OrdinalIgnoreCase)
            && !statement.Query.StartsWith("discard", StringComparison.OrdinalIgnoreCase)
            && statement is { Login: "salesbrain_tenant", IsTopLevel: true }).ToList();
        return (
            counted.Sum(statement => statement.Calls),
            counted.Where(statement => statement.Query.Contains("row_number() over", StringComparison.Ordinal))
                .Sum(statement => statement.Blocks),
            await connection.QuerySingleAsync<long>("select dealloc from pg_stat_statements_info"));
    }
}

/// <summary>One entry of the audit log.</summary>
public sealed record AuditRow
{
    public string Action { get; init; } = "";
    public string Entity { get; init; } = "";
    public Guid? ActorId { get; init; }
    public string? ActorRole { get; init; }
    public Guid? OrganizationId { get; init; }
    public string Changes { get; init; } = "";

    /// <summary>The changes as JSON.</summary>
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Changes);
}
