using System.Text.Json;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Security;
using SalesBrain.Data.Imports.Sources;
using SalesBrain.Integrations;

namespace SalesBrain.Functions.Imports.Sources;

/// <summary>Tests the connection of a data source, for those who may change it.</summary>
public sealed class TestDataSource(RequestPipeline pipeline, SourceInput sources, ISourceAdapters adapters, TimeProvider clock)
{
    private const int PerMinute = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    [Function(nameof(TestDataSource))]
    [Operation("Data sources", "Test a data source", Description =
        "Asks the vendor whether it accepts the credentials, without a call that costs credits; reads a file of the type csv. The result "
        + "is stored with the source. A failed test is a response 200 with ok false and a code. At most 6 tests a minute.")]
    [Requires(Capability.ManageDataSources)]
    [Returns(200, typeof(ConnectionTest))]
    [Problems("not_found", "too_many_tests")]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/data-sources/{dataSourceId:guid}/test")] HttpRequest request, Guid dataSourceId) =>
        pipeline.RunAsync<TestDataSource>(request, call => TestAsync(call, dataSourceId));

    private async Task<IResult> TestAsync(Call call, Guid dataSourceId)
    {
        DataSource source;
        byte[]? credentials;
        await using (var session = await call.WriteAsync())
        {
            if (await DataSources.LockAsync(session, dataSourceId, call.CancellationToken) is not { } found)
            {
                return await DataSources.FindAsync(session, dataSourceId, call.CancellationToken) is null
                    ? Problems.NotFound
                    : Problems.Forbidden;
            }
            if (await SourceTests.TakeAsync(session, found, call.Now.UtcDateTime, PerMinute, call.CancellationToken) is { } next)
            {
                return Problems.TooManyTests with
                {
                    RetryAfterSeconds = Math.Max(1, (int)Math.Ceiling((next - call.Now.UtcDateTime).TotalSeconds)),
                };
            }
            source = found;
            credentials = await DataSources.FindCredentialsAsync(session, found.OrganizationId, found.Id, call.CancellationToken);
            await session.CommitAsync();
        }
        var started = clock.GetTimestamp();
        var test = await RunAsync(source, credentials, call.CancellationToken);
        var latency = (int)clock.GetElapsedTime(started).TotalMilliseconds;
        await SourceTests.StoreAsync(
            call.AutoCommit(), source, credentials, new SourceTestResult(call.Now.UtcDateTime, test.Ok, test.Code, test.Message, latency),
            call.CancellationToken);
        return ApiResults.Ok(new ConnectionTest(test.Ok, test.Code, test.Message, latency, test.Quota, test.Sample));
    }

    private async Task<SourceTest> RunAsync(DataSource source, byte[]? credentialsSealed, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var credentials = sources.Open(credentialsSealed, source.OrganizationId);
            var connection = new SourceConnection(
                source.OrganizationId, source.Id, Enum.Parse<SourceType>(source.Type, ignoreCase: true), source.Config, credentials,
                source.RequestsPerMinute, new SourceRequest(FileId: source.FileId));
            return await adapters.Open(connection).TestAsync(either.Token);
        }
        catch (SourceException e)
        {
            return new SourceTest(false, e.Code, e.Message);
        }
        catch (SecretBoxException)
        {
            return new SourceTest(false, SourceErrors.InvalidCredentials, SourceInput.CredentialsUnreadable);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new SourceTest(false, SourceErrors.Timeout, "The source did not respond within 15 seconds.");
        }
    }
}

/// <summary>The outcome of a connection test.</summary>
/// <param name="Code"><c>ok</c>, or why the test failed, such as <c>invalid_credentials</c>.</param>
/// <param name="Quota">What the vendor says about its limits; null if it says nothing.</param>
/// <param name="Sample">The fields of one person, with masked values; null if the test reads none.</param>
public sealed record ConnectionTest(bool Ok, string Code, string Message, int LatencyMs, JsonElement? Quota, JsonElement? Sample);
