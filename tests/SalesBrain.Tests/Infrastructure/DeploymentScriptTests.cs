using System.Diagnostics;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.Tests.Infrastructure;

/// <summary>The scripts of <c>infra/</c> with stand-ins for the programs that they call.</summary>
public sealed class DeploymentScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("salesbrain-scripts-");

    public DeploymentScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The scripts need bash.");
        // A vault is a folder: a file for each secret. Every command line is written down.
        CreateProgram("az", """
            echo "az $*" >> "$LOG"
            while [ $# -gt 0 ]; do case "$1" in show|set) verb=$1 ;; --name) name=$2 ;; --file) file=$2 ;; esac; shift; done
            if [ "$verb" = set ]; then cat "$file" > "$VAULT/$name"; exit; fi
            [ -z "${DENIED:-}" ] || { echo 'ERROR: (Forbidden) Caller is not authorized' >&2; exit 1; }
            [ -e "$VAULT/$name" ] || { echo "ERROR: (SecretNotFound) A secret with (name/id) $name was not found" >&2; exit 1; }
            """);
        CreateProgram("dotnet", """for argument; do echo "$argument" >> "$LOG"; done""");
        Directory.CreateDirectory(Vault);
    }

    private string Vault => Path.Combine(_folder.FullName, "vault");

    private string Log => File.ReadAllText(Path.Combine(_folder.FullName, "log"));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Missing_keys_are_created_and_existing_ones_kept()
    {
        File.WriteAllText(Path.Combine(Vault, "data-key-2"), "existing");

        var (exitCode, output, errors) = Run(
            "infra/secrets.sh", ("keyVaultName", "kv"), ("DATA_KEY_ID", "2"), ("SMTP_USER", "user"), ("SMTP_PASSWORD", "hunter2"));

        Assert.True(exitCode == 0, errors);
        Assert.Equal(32, Convert.FromBase64String(File.ReadAllText(Path.Combine(Vault, "jwt-key-1"))).Length);
        Assert.Equal("existing", File.ReadAllText(Path.Combine(Vault, "data-key-2")));
        Assert.Equal("hunter2", File.ReadAllText(Path.Combine(Vault, "smtp-password")));
        Assert.Equal(["jwt-key-1 was created.", "data-key-2 is in the vault.", "smtp-password was stored."], output.Trim().Split('\n'));
    }

    [Fact]
    public void No_secret_is_in_a_command_line_or_in_the_output()
    {
        var (_, output, errors) = Run("infra/secrets.sh", ("keyVaultName", "kv"), ("SMTP_USER", "user"), ("SMTP_PASSWORD", "hunter2"));

        Assert.All(
            new[] { "hunter2", File.ReadAllText(Path.Combine(Vault, "jwt-key-1")) },
            secret => Assert.DoesNotContain(secret, Log + output + errors, StringComparison.Ordinal));
    }

    /// <summary>A new data key in the old one's place would make every stored secret unreadable.</summary>
    [Fact]
    public void No_key_is_replaced_because_it_could_not_be_read()
    {
        File.WriteAllText(Path.Combine(Vault, "jwt-key-1"), "existing");

        var (exitCode, _, errors) = Run("infra/secrets.sh", ("keyVaultName", "kv"), ("DENIED", "1"));

        Assert.Equal(1, exitCode);
        Assert.Contains("jwt-key-1 could not be read from the vault kv.", errors, StringComparison.Ordinal);
        Assert.Equal("existing", File.ReadAllText(Path.Combine(Vault, "jwt-key-1")));
    }

    [Fact]
    public void Mail_password_that_is_nowhere_is_asked_for()
    {
        var (exitCode, _, errors) = Run("infra/secrets.sh", ("keyVaultName", "kv"), ("SMTP_USER", "user"));

        Assert.Equal(1, exitCode);
        Assert.Contains("smtp-password is missing: set SMTP_PASSWORD.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Migration_signs_in_as_the_owner_directly_on_the_server()
    {
        var (exitCode, _, errors) = Run(
            "infra/migrate.sh", ("databaseHost", "db.example"), ("databaseName", "salesbrain"), ("migrationLogin", "owner"),
            ("tenantLoginPrincipalId", "id-1"), ("platformLoginPrincipalId", "id-2"), ("MIGRATOR", "/opt/migrator"));

        Assert.True(exitCode == 0, errors);
        Assert.Equal(
            [
                "/opt/migrator/SalesBrain.LocalHost.dll", "migrate", "--connection",
                "Host=db.example;Port=5432;Database=salesbrain;Username=owner;Ssl Mode=VerifyFull", "--entra", "--tenant-identity", "id-1",
                "--platform-identity", "id-2",
            ],
            Log.Trim().Split('\n'));
    }

    [Fact]
    public void Missing_variable_is_named()
    {
        Assert.Contains("databaseHost: is missing", Run("infra/migrate.sh").Errors, StringComparison.Ordinal);
        Assert.Contains("keyVaultName: is missing", Run("infra/secrets.sh").Errors, StringComparison.Ordinal);
    }

    private void CreateProgram(string name, string script)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, $"#!/bin/bash\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }

    private (int ExitCode, string Output, string Errors) Run(string script, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(RepositoryFolder.Find(), script))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = $"{_folder.FullName}:{start.Environment["PATH"]}";
        start.Environment["LOG"] = Path.Combine(_folder.FullName, "log");
        start.Environment["VAULT"] = Vault;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
