using System.Text;
using FsCheck.Fluent;
using Npgsql;
using SalesBrain.Core.Tests.Values;
using SalesBrain.Core.Values;
using SalesBrain.Data.Migrations;

namespace SalesBrain.Tests.Database;

/// <summary>E-mail addresses are cleaned alike in C# and in SQL.</summary>
public sealed class CleanEmailTests(ClonedDatabase database) : IClassFixture<ClonedDatabase>
{
    [Fact]
    public async Task Generated_texts_have_the_same_address_in_sql()
    {
        var texts = EmailTexts.Arbitrary.Generator.Sample(8000, 50).Where(text => !text.Contains('\0')).Distinct().ToArray();

        // Characters that the server does not know yet cannot be compared: PostgreSQL 17 has an older Unicode than .NET.
        var rows = await database.QueryAsync<Cleaned>("""
            select t.text, app.clean_email(t.text) as address, app.email_norm(app.clean_email(t.text)) as norm
            from unnest(@texts) as t (text)
            where unicode_assigned(t.text)
            """, new { texts });

        var different = rows.Where(
            row => Emails.Clean(row.Text) is var email && (email?.Address, email?.Norm) != (row.Address, row.Norm)).ToList();
        Assert.True(
            different.Count == 0,
            string.Join('\n', different.Take(5).Select(row => $"{Escaped(row.Text)}: C# {Emails.Clean(row.Text)}, SQL {row}")));
        Assert.True(rows.Count(row => row.Address is not null) > 500, "most generated texts hold no address");
    }

    [Fact]
    public async Task Every_character_has_the_same_lower_case_and_normal_form_in_sql()
    {
        // Characters that one of the two does not know yet cannot be compared.
        var rows = await database.QueryAsync<CharacterRow>("""
            select i as point, normalize(lower(chr(i) collate pg_c_utf8), nfc) as lower, normalize(chr(i), nfkc) as compatible
            from generate_series(128, 1114111) i
            where (i < 55296 or i > 63743) and i < 195104 and unicode_assigned(chr(i))
            """);

        var different = rows
            .Where(row => char.ConvertFromUtf32(row.Point) is var character
                && (NormalForms.Nfc(Emails.Lower(character)) != row.Lower || NormalForms.Nfkc(character) != row.Compatible))
            .Select(row => row.Point.ToString("X4"))
            .ToList();
        Assert.True(different.Count == 0, string.Join(' ', different.Take(50)));
        Assert.True(rows.Count > 100_000);
    }

    [Fact]
    public async Task Migration_cleans_addresses_that_nobody_else_has()
    {
        await using var empty = await EmptyDatabase.CreateAsync(database);
        await using var source = NpgsqlDataSource.Create(empty.OwnerConnectionString);
        foreach (var file in SqlFiles.Migrations.Prepend(SqlFiles.Ledger).Where(file => string.CompareOrdinal(file.Name, "migrations/0014") < 0 || file == SqlFiles.Ledger))
        {
            await ExecuteAsync(source, file.Text);
        }
        await ExecuteAsync(source, """
            insert into app.organization (id, name, slug) values ('00000000-0000-4000-8000-000000000001', 'Acme', 'acme');
            insert into app.contact (organization_id, email, email_norm, created_at)
            select '00000000-0000-4000-8000-000000000001', email, lower(email), '2026-01-01'::timestamptz + number * interval '1 day'
            from unnest(array['<Kim@ACME.example>', 'x@bücher.example', 'x@xn--bcher-kva.example', '"jo@acme.example"', '<jo@acme.example>', 'plain@acme.example', 'nobody'])
                with ordinality as e (email, number);
            insert into app.user (organization_id, email, email_norm, role)
            select '00000000-0000-4000-8000-000000000001', email, lower(email), 'member'
            from unnest(array['mailto:Ann@ACME.example', 'bob@acme.example.', 'bob@acme.example']) as e (email);
            """);

        await ExecuteAsync(
            source, SqlFiles.Migrations.Single(file => file.Name.StartsWith("migrations/0014", StringComparison.Ordinal)).Text);

        Assert.Equal(
            [
                "<jo@acme.example> <jo@acme.example>", "Kim@acme.example kim@acme.example", "jo@acme.example jo@acme.example",
                "nobody nobody", "plain@acme.example plain@acme.example", "x@bücher.example x@bücher.example",
                "x@xn--bcher-kva.example x@xn--bcher-kva.example",
            ],
            await ReadAsync(source, "select email || ' ' || email_norm from app.contact"));
        Assert.Equal(
            ["Ann@acme.example ann@acme.example", "bob@acme.example bob@acme.example", "bob@acme.example. bob@acme.example."],
            await ReadAsync(source, "select email || ' ' || email_norm from app.user"));
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ReadAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await reader.ReadAsync())
        {
            texts.Add(reader.GetString(0));
        }
        texts.Sort(StringComparer.Ordinal);
        return texts;
    }

    private static string Escaped(string text) =>
        text.EnumerateRunes().Aggregate(
            new StringBuilder(), (escaped, rune) => rune.IsAscii ? escaped.Append(rune) : escaped.Append($"\\u{rune.Value:X4}")).ToString();

    private sealed record Cleaned
    {
        public string Text { get; init; } = "";
        public string? Address { get; init; }
        public string? Norm { get; init; }
    }

    private sealed record CharacterRow
    {
        public int Point { get; init; }
        public string Lower { get; init; } = "";
        public string Compatible { get; init; } = "";
    }
}
