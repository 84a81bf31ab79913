using Microsoft.Extensions.DependencyInjection;
using SalesBrain.Functions.Imports.Running;

namespace SalesBrain.Tests.App;

/// <summary>
/// An app whose test classes run one after the other, and in which import jobs run that a test has started, and no others.
/// </summary>
public sealed class ImportApp : TestApp
{
    /// <summary>The collection of the test classes that share it.</summary>
    public const string Collection = "imports";

    public override bool CountsStatements => true;

    public override IEnumerable<KeyValuePair<string, string?>> Settings => [new("Imports:JobsPerInstance", "20")];

    /// <summary>Runs what is due, as the timer does.</summary>
    public Task RunJobsAsync() => Services.GetRequiredService<ImportRunner>().RunDueAsync(TestContext.Current.CancellationToken);

    /// <summary>Waits until a job has a status.</summary>
    public async Task<ImportedJob> WaitForAsync(Guid jobId, params string[] statuses)
    {
        ImportedJob? job = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                job = await this.JobAsync(jobId);
                return statuses.Contains(job.Status);
            },
            $"The job is {string.Join(" or ", statuses)}.");
        return job!;
    }
}

[CollectionDefinition(ImportApp.Collection)]
public sealed class ImportCollection : ICollectionFixture<ImportApp>;
