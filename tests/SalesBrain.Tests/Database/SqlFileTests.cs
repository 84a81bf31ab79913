using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using SalesBrain.Data.Migrations;

namespace SalesBrain.Tests.Database;

/// <summary>
/// The files of <c>sql/</c> mean the same to the runner, which sends a file whole in a transaction, and to plain <c>psql -f</c>.
/// </summary>
public sealed partial class SqlFileTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    private static readonly IReadOnlyList<SqlFile> Files = [SqlFiles.Roles, SqlFiles.Ledger, .. SqlFiles.Migrations, .. SqlFiles.Current];

    public static TheoryData<string> Names => new(Files.Append(SqlFiles.Superuser).Select(file => file.Name));

    [Theory, MemberData(nameof(Names))]
    public void A_file_is_plain_sql(string name)
    {
        var text = Files.Append(SqlFiles.Superuser).Single(file => file.Name == name).Text;
        var code = NotCode().Replace(text, " ");

        Assert.EndsWith(";\n", text, StringComparison.Ordinal);
        // psql's own commands and variables, and the runner's parameters.
        Assert.DoesNotMatch(@"(?m)^\s*\\", code);
        Assert.DoesNotMatch(@"(?<![:\w]):['""{\w]", code);
        Assert.DoesNotMatch(@"(?<!\w)[@$]\w", code);
        // Rows in the text, which only psql can send.
        Assert.DoesNotMatch(@"(?i)\bcopy\b", code);
        // The runner's transaction is the file's; alone, a file has none, or what it needs.
        Assert.DoesNotMatch(@"(?im)^\s*(begin|commit|rollback|start transaction|savepoint)\b|\bconcurrently\b", code);
        // The client takes the semicolons inside for the statement's end.
        Assert.DoesNotMatch(@"(?i)\bbegin\s+atomic\b", code);
    }

    [Fact]
    public void Migrations_are_numbered_and_named()
    {
        Assert.All(SqlFiles.Migrations, file => Assert.Matches("^migrations/[0-9]{4}_[a-z0-9_]+\\.sql$", file.Name));
        Assert.Equal(SqlFiles.Migrations.Count, SqlFiles.Migrations.Select(file => file.Name.Split('_')[0]).Distinct().Count());
    }

    [Fact]
    public async Task Files_applied_one_by_one_make_what_the_runner_makes()
    {
        await using var empty = await EmptyDatabase.CreateAsync(database);
        await using var connection = new NpgsqlConnection(empty.OwnerConnectionString);
        await connection.OpenAsync();
        // Functions may call others whose file comes later.
        await connection.ExecuteAsync("set check_function_bodies = off");
        foreach (var file in Files)
        {
            await connection.ExecuteAsync(file.Text);
        }

        await using var migrated = await database.Owner.OpenConnectionAsync();
        Assert.Equal(await SchemaText.DefinitionsAsync(migrated), await SchemaText.DefinitionsAsync(connection));
    }

    /// <summary>A policy or grant that its file doesn't take back first would add up.</summary>
    [Fact]
    public async Task Current_definitions_can_be_applied_again_without_a_change()
    {
        await using var connection = await database.Owner.OpenConnectionAsync();
        var before = await SchemaText.DefinitionsAsync(connection);

        foreach (var file in SqlFiles.Current)
        {
            await connection.ExecuteAsync(file.Text);
        }

        Assert.Equal(before, await SchemaText.DefinitionsAsync(connection));
    }

    [Fact]
    public void Every_table_has_its_policies_in_a_file_that_clears_them_first()
    {
        var files = SqlFiles.Current.Where(file => file.Name.StartsWith("current/40_policies/", StringComparison.Ordinal)).ToList();

        Assert.All(files, file =>
        {
            var table = Path.GetFileNameWithoutExtension(file.Name);
            Assert.StartsWith($"""
                alter table app.{table} enable row level security;
                alter table app.{table} force row level security;
                select app.drop_policies('app.{table}');

                """, file.Text, StringComparison.Ordinal);
            Assert.Contains(
                $"\nrevoke all on app.{table} from public, salesbrain_tenant, salesbrain_platform;\n", file.Text, StringComparison.Ordinal);
        });
    }

    /// <summary>Comments and everything quoted.</summary>
    [GeneratedRegex(
        @"--[^\n]*|/\*.*?\*/|'(''|[^'])*'|\$(?<tag>\w*)\$.*?\$\k<tag>\$|""[^""]*""", RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5000)]
    private static partial Regex NotCode();
}
