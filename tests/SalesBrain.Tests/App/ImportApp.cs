using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Imports.Running;

namespace SalesBrain.Tests.App;

/// <summary>An app whose test classes run one after the other, and in which import jobs run that a test has started, and no others.</summary>
public sealed class ImportApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "imports";

    public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Imports:JobsPerInstance", "20")];

    /// <summary>Runs what is due, as the timer does.</summary>
    public Task RunJobsAsync() => Services.GetRequiredService<ImportRunner>().RunDueAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until a job has a status.</summary>
    public async Task<ImportedJob> WaitForAsync(Guid jobId, params string[] statuses)
    {
        for (var attempt = 0; attempt < 400; attempt++)
        {
            var job = await this.JobAsync(jobId);
            if (statuses.Contains(job.Status))
            {
                return job;
            }
            await Task.Delay(25);
        }
        throw new InvalidOperationException($"The job is {(await this.JobAsync(jobId)).Status}.");
    }
}

[CollectionDefinition(ImportApp.Collection)]
public sealed class ImportCollection : ICollectionFixture<ImportApp>;
