namespace SalesBrain.Tests.Documentation.Clients;

/// <summary>Linters that customers and API gateways use find no error in the description.</summary>
public sealed class LinterTests : IDisposable
{
    private readonly NodeFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Redocly_finds_no_error()
    {
        await _folder.WriteAsync("redocly.yaml", "extends: [recommended]\n");

        var output = await _folder.RunPackageAsync(
            "@redocly/cli/bin/cli.js", "lint", NodeFolder.OpenApi, "--config", _folder.Path("redocly.yaml"), "--format", "checkstyle");

        TestContext.Current.TestOutputHelper?.WriteLine(output);
    }

    [Fact]
    public async Task Spectral_finds_no_error_or_warning()
    {
        await _folder.WriteAsync("spectral.json", """{ "extends": ["spectral:oas"] }""");

        await _folder.RunPackageAsync(
            "@stoplight/spectral-cli/dist/index.js", "lint", NodeFolder.OpenApi, "--ruleset", _folder.Path("spectral.json"),
            "--fail-severity", "warn");
    }
}
