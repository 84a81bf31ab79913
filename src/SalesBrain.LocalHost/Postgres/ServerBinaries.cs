using System.Text.Json;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>The programs of an <c>@embedded-postgres</c> package, made runnable.</summary>
internal sealed class ServerBinaries
{
    private readonly string _native;

    private ServerBinaries(string native) => _native = native;

    public string InitDb => Program("initdb");

    public string Postgres => Program("postgres");

    public string PgCtl => Program("pg_ctl");

    /// <summary>The first file that initdb reads. An account that can read it and run the programs can use this copy.</summary>
    public string Sample => Path.Combine(_native, "share", "postgresql", "postgres.bki");

    /// <summary>
    /// Does what the package's install script would have done (npm may be set not to run them): the library links. Adds run bits that got
    /// lost.
    /// </summary>
    public static ServerBinaries Prepare(string package)
    {
        var binaries = new ServerBinaries(Path.Combine(package, "native"));
        if (!OperatingSystem.IsWindows())
        {
            Link(package);
            foreach (var program in Directory.GetFiles(Path.Combine(binaries._native, "bin")))
            {
                MakeRunnable(program);
            }
        }

        return binaries;
    }

    /// <summary>A copy that every account can read and run, made once per version below <paramref name="folder"/>.</summary>
    public ServerBinaries CopyTo(string folder)
    {
        using var package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_native, "..", "package.json")));
        var copy = Path.Combine(folder, $"postgres-{package.RootElement.GetProperty("version").GetString()}");
        if (!Directory.Exists(copy))
        {
            var unfinished = $"{copy}.{Guid.NewGuid():n}";
            CopyFolder(new DirectoryInfo(_native), unfinished);
            Publish(unfinished, copy);
        }

        return new ServerBinaries(copy);
    }

    private string Program(string name) => Path.Combine(_native, "bin", OperatingSystem.IsWindows() ? $"{name}.exe" : name);

    private static void Link(string package)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
        {
            return;
        }

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(package, link.GetProperty("source").GetString()!);
            var target = Path.Combine(package, link.GetProperty("target").GetString()!);
            if (File.Exists(target))
            {
                continue;
            }

            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target))
            {
                // Another process made it first.
            }
        }
    }

    private static void MakeRunnable(string program)
    {
        const UnixFileMode Run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute))
        {
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | Run);
        }
    }

    private static void CopyFolder(DirectoryInfo source, string target)
    {
        UnixFolder.CreateOpen(target);
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            var copy = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(copy, link);
            }
            else if (entry is DirectoryInfo folder)
            {
                CopyFolder(folder, copy);
            }
            else
            {
                File.Copy(entry.FullName, copy);
                UnixFolder.Open(copy);
            }
        }
    }

    private static void Publish(string unfinished, string copy)
    {
        try
        {
            Directory.Move(unfinished, copy);
        }
        catch (IOException) when (Directory.Exists(copy))
        {
            Directory.Delete(unfinished, recursive: true);
        }
    }
}
