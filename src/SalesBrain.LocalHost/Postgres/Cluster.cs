using System.Security.Cryptography;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Makes the database cluster: <c>initdb</c>, once.</summary>
internal sealed class Cluster(ClusterFolder folder, ServerBinaries binaries, ServerAccount account)
{
    private const string Unfinished = "initialising-";

    public string Password { get; private set; } = "";

    /// <summary>
    /// The cluster is made in a folder of its own and renamed when it is complete, so a half-made one is never taken for a whole one.
    /// The caller holds the start lock.
    /// </summary>
    public async Task PrepareAsync(bool durable, Action<string>? say, CancellationToken ct)
    {
        if (File.Exists(Path.Combine(folder.Data, "global", "pg_control")))
        {
            await ReadPasswordAsync(ct);
            return;
        }

        foreach (var remains in Directory.GetDirectories(folder.DataRoot, $"{Unfinished}*").Append(folder.Data).Where(Directory.Exists))
        {
            Directory.Delete(remains, recursive: true);
        }

        say?.Invoke($"Initialising the database in {folder.DataRoot} (once) ...");
        await InitialiseAsync(durable, ct);
    }

    private async Task InitialiseAsync(bool durable, CancellationToken ct)
    {
        Password = NewPassword();
        // A name of its own: the initdb of a killed host may still be writing into the last one.
        var work = Directory.CreateDirectory(Path.Combine(folder.DataRoot, Unfinished + Guid.NewGuid().ToString("n"))).FullName;
        var secret = Path.Combine(work, "password");
        UnixFolder.WriteSecret(secret, Password);
        await account.OwnAsync(work, ct);

        // The builtin C.UTF-8 sorts alike on every system; the C locale of the operating system exists on every system.
        var data = Path.Combine(work, "data");
        IReadOnlyList<string> initdb =
        [
            binaries.InitDb, "--pgdata", data, "--username", "postgres", "--pwfile", secret, "--auth", "scram-sha-256", "--encoding",
            "UTF8", "--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--no-instructions",
            .. durable ? [] : new[] { "--no-sync" },
        ];
        var result = await Command.RunAsync(account.Running(initdb), ct);
        if (result.ExitCode != 0)
        {
            await File.WriteAllTextAsync(folder.Log, result.Output, CancellationToken.None);
            Directory.Delete(work, recursive: true);
            throw new StartupException(
                $"PostgreSQL could not initialise its data in {folder.DataRoot}: {result.Reason}. Fix that and run this again. "
                + $"Details are in {folder.Log}.");
        }

        UnixFolder.WriteSecret(folder.Password, Password);
        Directory.Move(data, folder.Data);
        Directory.Delete(work, recursive: true);
    }

    private async Task ReadPasswordAsync(CancellationToken ct)
    {
        if (File.Exists(folder.Password))
        {
            Password = await File.ReadAllTextAsync(folder.Password, ct);
            return;
        }

        // The file was lost. Set a new password with a server without network, which needs only access to the data.
        Password = NewPassword();
        var result = await Command.RunAsync(
            account.Running(binaries.Postgres, "--single", "-D", folder.Data, "postgres"), ct,
            input: $"alter role postgres password '{Password}'\n");
        if (result.ExitCode != 0)
        {
            throw new StartupException(
                $"{folder.Password} is missing and could not be created again: {result.Reason}. Delete {folder.Root} to start "
                + "with an empty database.");
        }

        UnixFolder.WriteSecret(folder.Password, Password);
    }

    private static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
}
