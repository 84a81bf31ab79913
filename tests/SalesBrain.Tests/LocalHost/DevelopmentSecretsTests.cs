using SalesBrain.LocalHost.Development;

namespace SalesBrain.Tests.LocalHost;

public sealed class DevelopmentSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("salesbrain-secrets-").FullName;

    [Fact]
    public async Task Secrets_are_made_once_and_differ_from_checkout_to_checkout()
    {
        var first = await LoadAsync(_folder);
        var again = await LoadAsync(_folder);
        var elsewhere = await LoadAsync(Path.Combine(_folder, "another"));

        Assert.Equivalent(first, again);
        Assert.Equal(
            5, new[] { first.OwnerPassword, first.TenantPassword, first.PlatformPassword, first.JwtKey, first.DataKey }.Distinct().Count());
        Assert.NotEqual(first.JwtKey, elsewhere.JwtKey);
        Assert.NotEqual(first.DemoWebhookTokens["acme"], elsewhere.DemoWebhookTokens["acme"]);
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(first.DemoWebhookTokens["acme"]).Length);
    }

    [Fact]
    public async Task What_an_earlier_build_did_not_make_is_added_and_the_rest_stays()
    {
        await File.WriteAllTextAsync(
            Path.Combine(_folder, "development-secrets.json"), """{"OwnerPassword":"kept","DemoWebhookTokens":{"acme":"also kept"}}""");

        var secrets = await LoadAsync(_folder);

        Assert.Equal("kept", secrets.OwnerPassword);
        Assert.Equal("also kept", secrets.DemoWebhookTokens["acme"]);
        Assert.NotEmpty(secrets.DataKey);
        Assert.Equivalent(secrets, await LoadAsync(_folder));
    }

    [Fact]
    public async Task Hosts_that_start_at_once_agree()
    {
        var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoadAsync(_folder)));

        Assert.Single(secrets.Select(each => each.JwtKey).Distinct());
    }

    [Fact]
    public async Task Only_the_owner_can_read_the_file()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        await LoadAsync(_folder);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "development-secrets.json")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Task<DevelopmentSecrets> LoadAsync(string folder) =>
        DevelopmentSecrets.LoadOrCreateAsync(folder, ["acme", "globex"], TestContext.Current.CancellationToken);
}
