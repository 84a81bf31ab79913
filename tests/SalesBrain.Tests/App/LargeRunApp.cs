namespace SalesBrain.Tests.App;

/// <summary>An app for a class that has only tests of <see cref="LargeRun"/>: it does not start in other runs.</summary>
public sealed class LargeRunApp : TestApp, IAsyncLifetime
{
    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        if (TestServers.Large)
        {
            await InitializeAsync();
        }
    }
}
