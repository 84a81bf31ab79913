namespace SalesBrain.Tests.App;

/// <summary>A stand-in for the Azure CLI, first in a path of its own.</summary>
public sealed class AzureCli : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("salesbrain-az-");

    /// <summary>What a process must have in its environment to find it.</summary>
    public KeyValuePair<string, string> Variable => new("PATH", $"{_folder.FullName}:{Environment.GetEnvironmentVariable("PATH")}");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Lets it give out a token for databases.</summary>
    public void SignIn(string token) => Write($$"""
        #!/bin/sh
        case "$*" in *ossrdbms-aad.database.windows.net*) ;; *) echo "unexpected: $*" >&2; exit 1 ;; esac
        echo '{"accessToken": "{{token}}", "expiresOn": "2099-01-01 00:00:00.000000", "expires_on": 4070908800, "tokenType": "Bearer"}'

        """);

    /// <summary>Lets it say that nobody is signed in.</summary>
    public void SignOut() => Write("#!/bin/sh\necho 'ERROR: Please run az login to setup account.' >&2\nexit 1\n");

    private void Write(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is a shell script.");
        var file = Path.Combine(_folder.FullName, "az");
        File.WriteAllText(file, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
