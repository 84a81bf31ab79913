using System.Net.Http.Headers;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Imports.Running;

/// <summary>
/// A large file is imported by a host of its own, whose memory is watched. <c>bench/run.sh import</c> does the same with 500,000 rows.
/// </summary>
public sealed class LargeImportTests(LargeRunApp app) : IClassFixture<LargeRunApp>
{
    private const int Rows = 60_000;

    [Fact]
    public async Task File_is_imported_with_flat_memory_and_paused_and_resumed_in_the_middle()
    {
        LargeRun.Only();
        var owner = await app.CreateUserAsync("owner");
        var organization = owner.OrganizationId!.Value;
        var campaign = await app.CreateCampaignAsync(organization);
        await using var host = await HostProcess.StartAsync(app.Database, app.AllSettings);
        host.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", app.TokenOf(owner));
        var job = await UploadAsync(host.Http, campaign);

        await UntilAsync(job, Rows / 4);
        await host.Http.ControlAsync(job, "pause");
        var paused = await StatusAsync(job, "paused");
        Assert.InRange(paused.Processed, Rows / 4, Rows - 1);
        Assert.Equal(paused.Processed, await app.CountInAsync(organization, "lead"));
        var before = PeakMegabytes(host);
        await host.Http.ControlAsync(job, "resume");
        var done = await StatusAsync(job, "completed");

        Assert.Equal((Rows, Rows, 0, 0, 0), done.Counts);
        Assert.Equal((Rows, Rows), (await app.CountInAsync(organization, "contact"), await app.CountInAsync(organization, "lead")));
        Assert.Equal(["pending", "running", "paused", "running", "completed"], await app.HistoryAsync(job));
        // Three times as many rows as before the pause, and no more memory than the collector may leave uncollected.
        Assert.InRange(PeakMegabytes(host), 1, before + 40);
        Assert.InRange(PeakMegabytes(host), 1, 300);
    }

    private static async Task<Guid> UploadAsync(HttpClient client, Guid campaign)
    {
        var path = Path.GetTempFileName();
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteLineAsync("email,first_name,last_name,company,phone,linkedin");
            for (var i = 0; i < Rows; i++)
            {
                await writer.WriteLineAsync(
                    $"person{i}@prospect.example,Jörg{i},Müßig,Alder {i % 99},030 901820,linkedin.com/in/person{i}");
            }
        }
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, 4096, FileOptions.DeleteOnClose);
        using var form = new MultipartFormDataContent
        {
            { new StringContent($"{campaign}"), "campaign_id" },
            { new StreamContent(file), "file", "large.csv" },
        };
        using var response = await client.PostAsync("/api/v1/leads/import", form);
        return (await response.DataAsync()).GetProperty("id").GetGuid();
    }

    private async Task UntilAsync(Guid job, int processed)
    {
        for (var attempt = 0; attempt < 3000 && (await app.JobAsync(job)).Processed < processed; attempt++)
        {
            await Task.Delay(40);
        }
    }

    private async Task<ImportedJob> StatusAsync(Guid job, string status)
    {
        for (var attempt = 0; attempt < 3000 && (await app.JobAsync(job)).Status != status; attempt++)
        {
            await Task.Delay(40);
        }
        var reached = await app.JobAsync(job);
        Assert.Equal(status, reached.Status);
        return reached;
    }

    /// <summary>The most resident memory that the process has had.</summary>
    private static long PeakMegabytes(HostProcess host) => long.Parse(
        File.ReadLines($"/proc/{host.Id}/status")
            .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(':', 'k')[1].Trim()) / 1024;
}
