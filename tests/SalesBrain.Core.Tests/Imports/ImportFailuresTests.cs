using SalesBrain.Core.Imports;

namespace SalesBrain.Core.Tests.Imports;

public sealed class ImportFailuresTests
{
    [Theory]
    [InlineData("unavailable", 0, null, ImportFailureOutcome.Wait, 1, 5)]
    [InlineData("timeout", 3, null, ImportFailureOutcome.Wait, 4, 320)]
    [InlineData("unavailable", 1, 600, ImportFailureOutcome.Wait, 2, 600)]
    [InlineData("unavailable", 4, null, ImportFailureOutcome.Fail, 5, null)]
    [InlineData("rate_limited", 4, null, ImportFailureOutcome.Wait, 4, 60)]
    [InlineData("rate_limited", 0, 0, ImportFailureOutcome.Wait, 0, 1)]
    [InlineData("rate_limited", 0, 1_000_000, ImportFailureOutcome.Wait, 0, 86_400)]
    [InlineData("quota_exhausted", 0, null, ImportFailureOutcome.Pause, 0, null)]
    [InlineData("invalid_credentials", 0, null, ImportFailureOutcome.Fail, 1, null)]
    [InlineData("schema", 0, null, ImportFailureOutcome.Fail, 1, null)]
    public void Error_has_its_consequence(
        string code, int attempts, int? retryAfter, ImportFailureOutcome outcome, int attemptsNow, int? delay) =>
        Assert.Equal(
            new ImportFailure(outcome, attemptsNow, delay is { } seconds ? TimeSpan.FromSeconds(seconds) : null),
            ImportFailures.After(code, attempts, retryAfter is { } told ? TimeSpan.FromSeconds(told) : null));
}
