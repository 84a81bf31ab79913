namespace SalesBrain.Tests.App;

/// <summary>
/// Tests with so many rows or clients that they take minutes. They run when asked for: <c>SALESBRAIN_TEST_LARGE=1 dotnet test</c>, or
/// <c>.ci/run</c> with the same variable. A smaller test of the same rule belongs into every run.
/// </summary>
internal static class LargeRun
{
    /// <summary>Skips the calling test in runs without SALESBRAIN_TEST_LARGE=1.</summary>
    public static void Only() => Assert.SkipUnless(TestServers.Large, "It takes long. SALESBRAIN_TEST_LARGE=1 runs it.");
}
