using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using SalesBrain.Bench.Data;
using SalesBrain.Bench.Reports;
using SalesBrain.Bench.Servers;
using SalesBrain.Core.Access;

namespace SalesBrain.Bench.Scenarios;

/// <summary>Importing a CSV file, from the upload to the last lead, against copying the very same rows into the same tables.</summary>
internal sealed class ImportScenario
{
    public const string Name = "import";

    /// <summary>Rows of a page of a CSV file.</summary>
    private const int PageSize = 1000;

    /// <summary>The tables that get a row for each person.</summary>
    private static readonly string[] Tables = ["contact", "lead", "import_job_row"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly BenchRun _run;
    private readonly BenchDatabase _database;
    private readonly SalesBrainHost _host;
    private readonly LeadFile _file;
    private readonly string _folder;
    private int _imports;

    private ImportScenario(BenchRun run, BenchDatabase database, SalesBrainHost host)
    {
        (_run, _database, _host) = (run, database, host);
        _folder = Directory.CreateDirectory(Path.Combine(run.WorkFolder, "import")).FullName;
        _file = new LeadFile(_folder);
    }

    public static async Task<Section> RunAsync(BenchRun run, CancellationToken cancellationToken)
    {
        var database = await run.CreateIngestDatabaseAsync(cancellationToken);
        await database.AsOwnerAsync(
            "insert into app.campaign (id, organization_id, name) select id, id, 'Import' from app.organization", null, cancellationToken);
        await using var host = await run.StartHostAsync(database, cancellationToken);
        return await new ImportScenario(run, database, host).MeasureAsync(cancellationToken);
    }

    private async Task<Section> MeasureAsync(CancellationToken cancellationToken)
    {
        Measure imported = new(), copied = new(), upload = new(), statements = new(), pageMs = new(), serverUs = new(), copyUs = new(), serviceUs = new();
        var (nested, rows) = (0.0, Math.Max(_run.Options.ImportRows / 10, PageSize));
        await _run.TakeTurnsAsync(Name, async counts =>
        {
            // Counting what happens inside functions costs time, so only the turn that doesn't count does it.
            var import = counts
                ? await ImportAsync(rows, cancellationToken)
                : await _database.WithSettingAsync(
                    "pg_stat_statements.track", "all", () => ImportAsync(rows, cancellationToken), cancellationToken);
            if (!counts)
            {
                nested = (double)import.Costs.NestedStatements / rows;
                return;
            }
            var (took, cpu) = await CopyAsync(import, rows, cancellationToken);
            imported.Add(rows / import.Took.TotalSeconds);
            copied.Add(rows / took.TotalSeconds);
            upload.Add(import.Upload / import.Took * 100);
            statements.Add((double)import.Costs.Statements * PageSize / rows);
            pageMs.Add(import.PageMs);
            serverUs.Add(import.Costs.ServerCpu * 1e6 / rows);
            copyUs.Add(cpu * 1e6 / rows);
            serviceUs.Add(import.Costs.ProcessCpu * 1e6 / rows);
        });
        var large = await ImportAsync(_run.Options.ImportRows, cancellationToken);
        var peak = _host.ReadMemory().Peak / 1e6;
        var ratio = imported.Over(copied);
        return new Section
        {
            Name = Name,
            Title = "Importing a file",
            Method = $"""
                `POST /api/v1/leads/import` with a CSV file of {rows:N0} new people (ten columns, about 100 bytes a row) into a campaign of an organization that has none yet.
                The time is from the first byte of the upload until the job is completed: the upload, its check, the file's storage, all pages of {PageSize:N0} rows, their logs and live
                events. Then psql copies the rows that this import has written back into the same tables ({string.Join(", ", Tables)}), with other ids and addresses, from files
                on the same disk, a COPY for each table; indexes, foreign keys and triggers are the same. A page is one statement, which a test counts; what else the
                app's logins sent meanwhile is the upload, the job's claim and timers. At the end one file of {_run.Options.ImportRows:N0} rows is imported, after which the peak of the process's resident memory is read (VmHWM);
                the process receives, checks and imports the file, as one instance does.
                """,
            Claims =
            [
                new(
                    $"import of {rows:N0} CSV rows, end to end: rows a second", "`COPY` of the same rows into the same tables", "≥ 0.2",
                    ratio.Text("0.00"), ratio.Median >= 0.2),
                new(
                    $"memory of the worker, import of {_run.Options.ImportRows:N0} rows", "–", "< 300 MB", $"{peak:0} MB at most",
                    peak < 300),
            ],
            Tables =
            [
                new("Rows a second", ["", "median (least–most)"],
                [
                    ["import", imported.Text("0")],
                    ["COPY", copied.Text("0")],
                    [$"import of {_run.Options.ImportRows:N0} rows (once)", $"{_run.Options.ImportRows / large.Took.TotalSeconds:0}"],
                ]),
                new("Where the time goes", ["", "median (least–most)"],
                [
                    ["until the upload is answered, % of the time", upload.Text("0")],
                    [$"the statement that writes a page of {PageSize:N0} rows, ms", pageMs.Text("0")],
                    [$"the same, import of {_run.Options.ImportRows:N0} rows (once)", $"{large.PageMs:0}"],
                    [$"statements of the app's logins per page of {PageSize:N0} rows, transaction control and timers included", statements.Text("0.0")],
                    ["processor time of PostgreSQL per row, µs", serverUs.Text("0")],
                    ["processor time of PostgreSQL per copied row, µs", copyUs.Text("0")],
                    ["processor time of the service per row, µs", serviceUs.Text("0")],
                    ["statements per row inside functions, triggers and foreign key checks (measured once)", $"{nested:0.0}"],
                ]),
            ],
        };
    }

    /// <summary>
    /// Imports new people into the next organization. Throws <see cref="InvalidOperationException"/> unless each becomes a lead.
    /// </summary>
    private async Task<Import> ImportAsync(int rows, CancellationToken cancellationToken)
    {
        var organization = BenchWorld.Id(1 + (_imports++ % BenchWorld.Organizations));
        var path = await _file.CreateAsync(rows, cancellationToken);
        var (before, pagesBefore) = (await ReadCountersAsync(cancellationToken), await ReadPagesAsync(cancellationToken));
        var started = Stopwatch.GetTimestamp();
        var job = await UploadAsync(organization, path, cancellationToken);
        var upload = Stopwatch.GetElapsedTime(started);
        string status;
        while ((status = await FindStatusAsync(job, cancellationToken)) == "running" && Stopwatch.GetElapsedTime(started) < Patience)
        {
            await Task.Delay(20, cancellationToken);
        }
        var took = Stopwatch.GetElapsedTime(started);
        var costs = await ReadCountersAsync(cancellationToken) - before;
        var pages = await ReadPagesAsync(cancellationToken);
        var created = await _database.QuerySingleAsync<long>("select count(*) from app.lead where organization_id = @organization and source_data ->> 'import_job_id' = @job::text",
            new { organization, job }, cancellationToken);
        return status == "completed" && created == rows
            ? new(job, took, upload, costs, (pages.Ms - pagesBefore.Ms) / (pages.Calls - pagesBefore.Calls))
            : throw new InvalidOperationException(
                $"The job is {status} after {took.TotalSeconds:0} s and has created {created} of {rows} leads.");
    }

    private Task<string> FindStatusAsync(Guid job, CancellationToken cancellationToken) =>
        _database.QuerySingleAsync<string>("select status from app.import_job where id = @job", new { job }, cancellationToken);

    /// <summary>Uploads a file; returns the job's id.</summary>
    private async Task<Guid> UploadAsync(Guid organization, string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = _host.Address, Timeout = Patience };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", _host.TokenFor(organization, Role.Owner, organization));
        await using var content = File.OpenRead(path);
        using var form = new MultipartFormDataContent
        {
            { new StringContent($"{organization}"), "campaign_id" },
            { new StreamContent(content) { Headers = { ContentType = new("text/csv") } }, "file", "leads.csv" },
        };
        using var response = await http.PostAsync("/api/v1/leads/import", form, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text).GetProperty("data").GetProperty("id").GetGuid()
            : throw new InvalidOperationException($"The upload was answered {(int)response.StatusCode}: {text}");
    }

    /// <summary>
    /// Copies the rows of an import into their tables, with other ids and addresses; returns how long that took, and PostgreSQL's processor
    /// seconds.
    /// </summary>
    private async Task<(TimeSpan Took, double Cpu)> CopyAsync(Import import, int rows, CancellationToken cancellationToken)
    {
        var (export, copy) = ("", "");
        foreach (var table in Tables)
        {
            var columns = await _database.QueryAsync<string>("""
                select quote_ident(attname) from pg_attribute
                where attrelid = ('app.' || @table)::regclass and attnum > 0 and not attisdropped and attgenerated = ''
                order by attnum
                """, new { table }, cancellationToken);
            var file = Path.Combine(_folder, $"{table}.csv");
            var from = table == "import_job_row"
                ? $"app.import_job_row t where t.job_id = '{import.Job}'"
                : $"app.import_job_row w join app.{table} t on t.id = w.{table}_id where w.job_id = '{import.Job}'";
            // In the order in which the import wrote them.
            export += $"\\copy (select {string.Join(", ", columns.Select(column => Other(table, column)))} from {from} order by t.ctid) to '{file}' csv\n";
            copy += $"\\copy app.{table} ({string.Join(", ", columns)}) from '{file}' csv\n";
        }
        await _run.Tools.Psql.RunAsync(_database.Superuser, export, cancellationToken);
        var before = CpuTime.OfFamily(_run.Server.ProcessId);
        var took = await _run.Tools.Psql.RunAsync(_database.Superuser, copy, cancellationToken);
        var cpu = CpuTime.OfFamily(_run.Server.ProcessId) - before;
        var copied = await _database.QuerySingleAsync<long>(
            "select count(*) from app.import_job_row where job_id = @Job", new { import.Job }, cancellationToken);
        return copied == 2L * rows ? (took, cpu) : throw new InvalidOperationException($"{copied - rows} of {rows} rows were copied.");
    }

    /// <summary>A column of the copy: people of the copy have ids and addresses of their own.</summary>
    private static string Other(string table, string column) => (table, column) switch
    {
        (_, "lead_id" or "contact_id") or ("contact" or "lead", "id") =>
            $"(left(t.{column}::text, 24) || translate(right(t.{column}::text, 12), '0123456789abcdef', 'fedcba9876543210'))::uuid",
        ("contact", "email" or "email_norm") => $"'c' || t.{column}",
        ("contact", "linkedin_url") => "replace(t.linkedin_url, '/in/p', '/in/c')",
        _ => $"t.{column}",
    };

    private Task<ServerCounters> ReadCountersAsync(CancellationToken cancellationToken) =>
        ServerCounters.ReadAsync(_run.Server, _database, _host.ProcessId, cancellationToken);

    /// <summary>How many pages the app has written so far, and the milliseconds of these statements.</summary>
    private async Task<(long Calls, double Ms)> ReadPagesAsync(CancellationToken cancellationToken)
    {
        var pages = await _database.QuerySingleAsync<Pages>("""
            select coalesce(sum(s.calls), 0)::bigint as "Calls", coalesce(sum(s.total_exec_time), 0)::float8 as "Ms"
            from pg_stat_statements s
            where s.dbid = (select oid from pg_database where datname = current_database()) and s.toplevel and s.query like '%app.apply_import_page(%'
                and s.userid = 'salesbrain_platform'::regrole
            """, null, cancellationToken);
        return (pages.Calls, pages.Ms);
    }

    private sealed record Pages
    {
        public long Calls { get; init; }
        public double Ms { get; init; }
    }

    private sealed record Import(Guid Job, TimeSpan Took, TimeSpan Upload, ServerCounters Costs, double PageMs);
}
