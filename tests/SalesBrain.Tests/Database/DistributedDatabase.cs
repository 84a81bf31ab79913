using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using SalesBrain.Tests.Documentation;

namespace SalesBrain.Tests.Database;

/// <summary>
/// A migrated database on which the statements that distribute the schema with Citus were run, as the operations document has them. There
/// is no Citus here: functions of the same names record the calls in <c>public.citus_table</c>.
/// </summary>
public sealed partial class DistributedDatabase : ClonedDatabase
{
    private const string StandIns = """
        create table public.citus_table (
            position integer generated always as identity,
            name regclass primary key,
            kind text not null,
            distribution_column text,
            colocated_with regclass);
        grant select on public.citus_table to public;

        create function public.create_reference_table(name regclass) returns void language sql as $$
            insert into public.citus_table (name, kind) values (create_reference_table.name, 'reference');
        $$;

        create function public.citus_add_local_table_to_metadata(name regclass) returns void language sql as $$
            insert into public.citus_table (name, kind) values (citus_add_local_table_to_metadata.name, 'local');
        $$;

        create function public.create_distributed_table(name regclass, distribution_column text, colocate_with text) returns void language sql as $$
            insert into public.citus_table (name, kind, distribution_column, colocated_with)
            values (
                create_distributed_table.name, 'distributed', create_distributed_table.distribution_column,
                nullif(create_distributed_table.colocate_with, 'none')::regclass);
        $$;
        """;

    /// <summary>The section of the document in docs/ that distributes the schema.</summary>
    public string Section { get; } = ReadSection();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await using var superuser = new NpgsqlConnection(SuperuserConnectionString);
        await superuser.ExecuteAsync(StandIns);
        foreach (Match block in SqlBlock().Matches(Section))
        {
            await superuser.ExecuteAsync(block.Groups["sql"].Value);
        }
    }

    private static string ReadSection()
    {
        const string Title = "## Past one database server\n";
        var text = Directory.GetFiles(Path.Combine(DocumentedFunctions.Repository, "docs"), "operations*.md")
            .Select(File.ReadAllText)
            .Single(text => text.Contains(Title, StringComparison.Ordinal));
        var section = text[(text.IndexOf(Title, StringComparison.Ordinal) + Title.Length)..];
        var end = section.IndexOf("\n## ", StringComparison.Ordinal);
        return end < 0 ? section : section[..end];
    }

    [GeneratedRegex("^```sql\n(?<sql>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SqlBlock();
}
