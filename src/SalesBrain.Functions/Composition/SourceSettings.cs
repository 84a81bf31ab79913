using SalesBrain.Functions.Configuration;
using SalesBrain.Integrations;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Functions.Composition;

/// <summary>Settings <c>Sources__…</c> and <c>Files__…</c>.</summary>
internal static class SourceSettings
{
    internal static SourceOptions ReadSources(SettingsReader settings)
    {
        var defaults = new SourceOptions();
        var allowLoopback = settings.Choice(
            "Sources__AllowLoopback", "whether data sources may be on this machine, in development", ["true", "false"], "false") == "true";
        var version = settings.Text("Sources__LinkedinVersion", "the month of LinkedIn's API", defaults.LinkedinVersion);
        settings.Check(
            version.Length == 6 && version.All(char.IsAsciiDigit) && version[4..] is not "00" && int.Parse(version[4..]) <= 12,
            "Sources__LinkedinVersion must be a year and a month such as 202609: the month of LinkedIn's API.");
        return new SourceOptions
        {
            AllowLoopback = allowLoopback,
            ApolloUrl = Url("Sources__ApolloUrl", "the base URL of Apollo's API", defaults.ApolloUrl),
            ZoominfoUrl = Url("Sources__ZoominfoUrl", "the base URL of ZoomInfo's APIs", defaults.ZoominfoUrl),
            ZoominfoTokenUrl = Url(
                "Sources__ZoominfoTokenUrl", "the URL that gives out tokens for ZoomInfo's GTM API", defaults.ZoominfoTokenUrl),
            LinkedinUrl = Url("Sources__LinkedinUrl", "the base URL of LinkedIn's API", defaults.LinkedinUrl),
            LinkedinVersion = version,
        };

        Uri Url(string name, string meaning, Uri otherwise)
        {
            var text = settings.Text(name, meaning, otherwise.OriginalString);
            var isValid = UrlRules.TryRead(text, allowLoopback, out var url) && url.Query.Length == 0;
            settings.Check(isValid, $"{name} must be an https URL (http to this machine needs Sources__AllowLoopback): {meaning}.");
            return isValid ? url! : otherwise;
        }
    }

    internal static FileStoreOptions ReadFiles(SettingsReader settings)
    {
        const string Container = "Files__ContainerUrl";
        var storage = settings.Choice(
            "Files__Storage", "where uploaded files are stored", [FileStoreOptions.Blob, FileStoreOptions.ToFolder]);
        var text = settings.Text(Container, "the URL of the blob container for uploaded files", "");
        var isUrl = Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            && url.AbsolutePath.Length > 1 && url.Query.Length == 0;
        settings.Check(
            text.Length == 0 || isUrl,
            $"{Container} must be the https URL of a blob container without a query, or the http URL of a container of "
            + "Azurite on this machine.");
        settings.Check(
            storage != FileStoreOptions.Blob || text.Length > 0, $"{Container} is missing: Files__Storage blob requires a container.");
        var clientId = settings.Text("Files__ClientId", "the client id of the managed identity that uses the container", "");
        settings.Check(
            clientId.Length == 0 || Guid.TryParseExact(clientId, "D", out _),
            "Files__ClientId must be a GUID: the client id of the managed identity that uses the container.");
        return new FileStoreOptions
        {
            Storage = storage,
            ContainerUrl = isUrl ? url! : new Uri("https://invalid.example/files"),
            ClientId = clientId,
            Folder = settings.Text("Files__Folder", "the folder for uploaded files", ".local/files"),
        };
    }
}
