using System.Globalization;
using System.Text;
using System.Text.Json;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Csv;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Integrations;

/// <summary>Uploaded files: how they are detected, read, and continued from any row.</summary>
public sealed class CsvTests(SandboxHost host) : IClassFixture<SandboxHost>
{
    private static readonly JsonElement None = JsonSerializer.SerializeToElement(new { });

    [Theory]
    [InlineData("utf-8", false, "utf-8")]
    [InlineData("utf-8", true, "utf-8")]
    [InlineData("utf-16", true, "utf-16le")]
    [InlineData("utf-16", false, "utf-16le")]
    [InlineData("utf-16BE", true, "utf-16be")]
    [InlineData("utf-16BE", false, "utf-16be")]
    [InlineData("windows-1252", false, "windows-1252")]
    public async Task Encoding_is_detected_and_the_file_rewritten_as_utf8(string name, bool mark, string expected)
    {
        var encoding = name == "windows-1252" ? CodePagesEncodingProvider.Instance.GetEncoding(1252)! : Encoding.GetEncoding(name);
        var bytes = encoding.GetBytes("Vorname;Nachname;E-Mail\r\nJörg;Müßig;joerg@example.com\r\nZoë;Le€;zoe@example.com\r\n");

        var (report, stored) = await ReadAsync([.. mark ? encoding.GetPreamble() : [], .. bytes]);

        Assert.Equal((expected, ';', 2L, 2L), (report.Encoding, report.Delimiter, report.Rows, report.Readable));
        Assert.Equal(["Vorname", "Nachname", "E-Mail"], report.Headers);
        Assert.Equal(["Jörg", "Müßig", "joerg@example.com"], report.Sample[0]);
        Assert.StartsWith("Vorname", Encoding.UTF8.GetString(stored), StringComparison.Ordinal);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stored)), report.Facts.Sha256);
    }

    [Theory]
    [InlineData("email,company\na@example.com,\"Smith; Sons\"\n", ',')]
    [InlineData("email;company\na@example.com;\"Smith, Sons\"\n", ';')]
    [InlineData("email\tcompany\na@example.com\tSmith, Sons\n", '\t')]
    [InlineData("email|company\na@example.com|Smith, Sons\n", '|')]
    [InlineData("email\na@example.com\n", ',')]
    [InlineData("email;note\na@example.com;\"one, two, three, four\nfive, six\"\nb@example.com;x\n", ';')]
    public async Task Delimiter_is_detected(string text, char expected) =>
        Assert.Equal(
            (expected, "email"),
            await ReadAsync(text) is var (report, _) ? (report.Delimiter, report.Mapping[report.Headers[0]]) : default);

    [Theory]
    [InlineData("First Name,Last Name,Work Email,Job Title,Company Name,Mobile Phone,Person Linkedin Url,City,State,Country", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("Vorname,Nachname,E-Mail-Adresse,Position,Firma,Telefonnummer,LinkedIn-Profil,Ort,Bundesland,Land", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("Prénom,Nom,Courriel,Poste,Société,Téléphone,Profil LinkedIn,Ville,Région,Pays", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("Nombre,Apellidos,Correo electrónico,Cargo,Empresa,Teléfono,Perfil de LinkedIn,Ciudad,Provincia,País", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("Nome,Cognome,Indirizzo email,Ruolo,Azienda,Cellulare,Profilo LinkedIn,Città,Regione,Paese", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("Voornaam,Achternaam,E-mailadres,Functie,Bedrijf,Telefoonnummer,LinkedIn-profiel,Plaats,Provincie,Land", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("FIRST_NAME,surname,e-mail,Position,Account,Direct Phone,profile url,Town,County,NATION", "first_name,last_name,email,title,company,phone,linkedin_url,city,region,country")]
    [InlineData("ID,Full Name,E-Mail,Email", "external_id,full_name,email,-")]
    public async Task Headers_are_recognized_in_several_languages(string headers, string fields)
    {
        var (report, _) = await ReadAsync($"{headers}\n");

        Assert.Equal(fields.Split(','), headers.Split(',').Select(header => report.Mapping.GetValueOrDefault(header, "-")));
    }

    [Fact]
    public async Task Every_broken_row_has_its_line_column_and_code()
    {
        var (report, _) = await ReadAsync("""
            email,name,company,note
            ann@example.com,Ann,Alder,"two
            lines"
            not an address,Bob,Birch,
            ,Cem,Cedar,
            ,,,only a note

            ,,,
            dan@example.com,Dan,Dogwood,x,y
            eve@example.com,"Eve" x,Elm,
            "Fay <fay@EXAMPLE.com>",Fay,Fir,
            """.ReplaceLineEndings("\r\n"));

        Assert.Equal((7L, 3L, 4L), (report.Rows, report.Readable, report.Broken));
        Assert.Equal(
            [(4, "email", "email_invalid"), (6, null, "identity_missing"), (9, null, "too_many_cells"), (10, null, "quotes_invalid")],
            report.Problems.Select(problem => ((int)problem.Line, problem.Column, problem.Code)));
    }

    [Fact]
    public async Task Rows_become_people_and_unmapped_columns_their_data()
    {
        var adapter = await StoreAsync("""
            Vorname,Nachname,E-Mail,Telefon,Land,LinkedIn,Segment
            Jörg,Müßig,"Jörg Müßig <JOERG@Example.COM>",030 901820,Deutschland,linkedin.com/in/jm,A
            Zoé,Le Fort,zoe@example.com,0113 222 4444,,https://elsewhere.example/zoe,
            Ann,,ann@example.com,+1 512 974 2000,,,B
            """, new { country = "GB" });

        var page = await adapter.FetchAsync(null, 10, TestContext.Current.CancellationToken);

        Assert.Equal((null, 3L, 3), (page.NextCursor, page.Total, page.People.Count));
        var (first, second, third) = (page.People[0], page.People[1], page.People[2]);
        Assert.Equal(
            ("Jörg", "Müßig", "JOERG@example.com", "+4930901820", "https://linkedin.com/in/jm"),
            (first.FirstName, first.LastName, first.Email, first.Phone, first.LinkedinUrl));
        Assert.Equal("""{"Segment":"A"}""", first.Data!.Value.GetRawText());
        Assert.Equal(("+441132224444", null), (second.Phone, second.LinkedinUrl));
        Assert.Equal("""{"LinkedIn":"https://elsewhere.example/zoe"}""", second.Data!.Value.GetRawText());
        Assert.Equal(("+15129742000", null, null), (third.Phone, third.LastName, third.ExternalId));
    }

    [Fact]
    public async Task Phone_without_a_country_stays_as_written()
    {
        var adapter = await StoreAsync("email,phone\na@example.com,030 / 901820\n");

        Assert.Equal("030 / 901820", (await adapter.FetchAsync(null, 10, TestContext.Current.CancellationToken)).People[0].Phone);
    }

    [Fact]
    public async Task Mapping_of_the_job_wins_over_the_guess()
    {
        var adapter = await StoreAsync(
            "email,other\nwrong@example.com,right@example.com\n", mapping: new Dictionary<string, string> { ["other"] = "email" });

        var person = Assert.Single((await adapter.FetchAsync(null, 10, TestContext.Current.CancellationToken)).People);

        Assert.Equal(("right@example.com", "wrong@example.com"), (person.Email, person.Data!.Value.GetProperty("email").GetString()));
    }

    [Fact]
    public async Task Row_that_only_a_name_and_a_company_identify_has_an_id_of_its_own()
    {
        var adapter = await StoreAsync("name,company\nAnn Abel,Alder\nAnn Abel,Alder\n");

        var once = (await adapter.FetchAsync(null, 10, TestContext.Current.CancellationToken))
            .People.Select(person => person.ExternalId).ToList();
        var again = (await adapter.FetchAsync(null, 10, TestContext.Current.CancellationToken)).People.Select(person => person.ExternalId);

        Assert.Equal(once, again);
        Assert.Equal(2, once.Distinct().Count());
    }

    /// <summary>
    /// Whatever the page size, line breaks and quotes: pages give the same people, problems and lines as one page of all.
    /// </summary>
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Pages_of_any_size_continue_exactly_where_the_last_ended(string lineBreak)
    {
        var random = new Random(7);
        var text = new StringBuilder("email,name,note\n");
        for (var i = 0; i < 120; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i % 9 == 0 ? "broken" : $"p{i}@example.com")},Jörg {i},");
            text.Append(random.Next(5) switch { 0 => "\"two\nlines, \"\"quoted\"\"\"", 1 => "ünïcödé €", 2 => "\"\"", 3 => "😀", _ => "" });
            text.Append(random.Next(7) == 0 ? "\n\n" : "\n");
        }
        var adapter = await StoreAsync(text.ToString().ReplaceLineEndings(lineBreak));
        var all = await adapter.FetchAsync(null, 1000, TestContext.Current.CancellationToken);
        Assert.Equal((106, 14), (all.People.Count, all.Problems.Count));

        foreach (var size in new[] { 1, 2, 3, 7, 50, 119, 120, 121 })
        {
            var pages = await SandboxHost.ReadAllAsync(adapter, size);
            Assert.Equal(JsonSerializer.Serialize(all.People), JsonSerializer.Serialize(pages.SelectMany(page => page.People)));
            Assert.Equal(all.Problems, pages.SelectMany(page => page.Problems));
            Assert.All(pages, page => Assert.Equal(120, page.Total));
        }
    }

    [Fact]
    public async Task Cursor_of_another_file_is_refused()
    {
        var cursor = (await (await StoreAsync("email\na@example.com\nb@example.com\n")).FetchAsync(null, 1, TestContext.Current.CancellationToken)).NextCursor;
        var other = await StoreAsync("email\nc@example.com\nd@example.com\n");

        var failure = await Assert.ThrowsAsync<SourceException>(() => other.FetchAsync(cursor, 1, TestContext.Current.CancellationToken));

        Assert.Equal(SourceErrors.BadRequest, failure.Code);
    }

    [Fact]
    public async Task Test_reads_the_whole_file()
    {
        var test = await (await StoreAsync("email,name\na@example.com,Ann\nbroken,Bob\n")).TestAsync(TestContext.Current.CancellationToken);
        Assert.Equal((true, "The file has 1 rows that can be read, and 1 that cannot."), (test.Ok, test.Message));
        Assert.Equal("a***", test.Sample!.Value.GetProperty("first_name").GetString() is "A***" or "***" ? "a***" : "");

        var useless = await (await StoreAsync("color,size\nred,1\n")).TestAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, SourceErrors.Schema), (useless.Ok, useless.Code));

        var missing = await host.Open(SourceType.Csv, request: new SourceRequest(FileId: Guid.NewGuid()))
            .TestAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, SourceErrors.NotFound), (missing.Ok, missing.Code));
    }

    [Theory]
    [InlineData("", "file_empty")]
    [InlineData("email\na@example.com\0\n", "encoding_unknown")]
    [InlineData("\uFEFFemail\na\0@example.com\n", "characters_invalid")]
    public async Task File_that_cannot_be_read_is_refused(string text, string code) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<CsvRefusedException>(() => ReadAsync(text))).Code);

    [Fact]
    public async Task Missing_closing_quote_is_refused_instead_of_swallowing_the_file()
    {
        var text = "email,note\na@example.com,\"never closed\n" + string.Concat(Enumerable.Repeat("b@example.com,x\n", 10_000));

        Assert.Equal("cell_too_long", (await Assert.ThrowsAsync<CsvRefusedException>(() => ReadAsync(text))).Code);
    }

    [Fact]
    public async Task Only_so_many_columns_and_rows_are_taken()
    {
        Assert.Equal(
            "too_many_columns",
            (await Assert.ThrowsAsync<CsvRefusedException>(() => ReadAsync(string.Join(',', Enumerable.Range(0, 201)) + "\n"))).Code);
        Assert.Equal("too_many_rows", (await Assert.ThrowsAsync<CsvRefusedException>(() => ReadAsync("email\n" + string.Concat(Enumerable.Repeat("a@b.example\n", CsvIntake.MaxRows + 1))))).Code);
    }

    /// <summary>Constant time per page: the last page of a large file costs what the first does. Memory stays flat.</summary>
    [Fact]
    public async Task Half_a_million_rows_are_read_page_by_page_with_flat_memory()
    {
        LargeRun.Only();
        var path = Path.Combine(host.Folder.FullName, "large.csv");
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteLineAsync("email,first_name,last_name,company,phone");
            for (var i = 0; i < CsvIntake.MaxRows; i++)
            {
                await writer.WriteLineAsync($"person{i}@example.com,Jörg{i},Müßig,Alder {i % 99},030 901820");
            }
        }
        var fileId = Guid.NewGuid();
        var organization = Guid.NewGuid();
        await using (var upload = File.OpenRead(path))
        await using (
            var stored = new FileStream(
                Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None, 4096, FileOptions.DeleteOnClose))
        {
            var report = await CsvIntake.ReadAsync(upload, stored, None, null, TestContext.Current.CancellationToken);
            Assert.Equal((CsvIntake.MaxRows, CsvIntake.MaxRows), ((int)report.Rows, (int)report.Readable));
            await host.Files.CreateAsync(organization, fileId, stored, report.Facts, TestContext.Current.CancellationToken);
        }
        var adapter = host.Adapters.Open(
            new SourceConnection(organization, Guid.NewGuid(), SourceType.Csv, None, null, null, new SourceRequest(FileId: fileId)));
        var (read, cursor, most) = (0, (string?)null, 0L);
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        do
        {
            var page = await adapter.FetchAsync(cursor, 1000, TestContext.Current.CancellationToken);
            (read, cursor) = (read + page.People.Count, page.NextCursor);
            if (read % 50_000 == 0)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }
        while (cursor is not null);

        Assert.Equal(CsvIntake.MaxRows, read);
        Assert.InRange(most, long.MinValue, 20 * 1024 * 1024);
    }

    private static Task<(CsvReport Report, byte[] Stored)> ReadAsync(string text) => ReadAsync(Encoding.UTF8.GetBytes(text));

    private static async Task<(CsvReport Report, byte[] Stored)> ReadAsync(byte[] bytes)
    {
        using var stored = new MemoryStream();
        var report = await CsvIntake.ReadAsync(new MemoryStream(bytes), stored, None, null, TestContext.Current.CancellationToken);
        return (report, stored.ToArray());
    }

    private async Task<ISourceAdapter> StoreAsync(string text, object? config = null, IReadOnlyDictionary<string, string>? mapping = null)
    {
        var (organization, file) = (Guid.NewGuid(), Guid.NewGuid());
        var (report, stored) = await ReadAsync(text);
        await host.Files.CreateAsync(organization, file, new MemoryStream(stored), report.Facts, TestContext.Current.CancellationToken);
        return host.Adapters.Open(new SourceConnection(
            organization, Guid.NewGuid(), SourceType.Csv, config is null ? None : JsonSerializer.SerializeToElement(config), null, null,
            new SourceRequest(Mapping: mapping, FileId: file)));
    }
}
