using System.Security.Cryptography;
using System.Text;

namespace SalesBrain.LocalHost.Postgres;

/// <summary>Where everything of one server lies.</summary>
internal sealed class ClusterFolder
{
    private ClusterFolder(string root, string dataRoot)
    {
        Root = root;
        DataRoot = dataRoot;
    }

    public string Root { get; }

    /// <summary>Root, or its stand-in that the server's account can enter.</summary>
    public string DataRoot { get; }

    public string Data => Path.Combine(DataRoot, "data");

    /// <summary>Of the role <c>postgres</c>.</summary>
    public string Password => Path.Combine(Root, "password");

    /// <summary>The last port, tried first next time so that saved connections of database tools keep working.</summary>
    public string Port => Path.Combine(Root, "port");

    /// <summary>The settings the running server was started with.</summary>
    public string Settings => Path.Combine(Root, "settings");

    public string Log => Path.Combine(Root, "server.log");

    public string StartLock => Path.Combine(Root, "start.lock");

    public string UsersLock => Path.Combine(Root, "users.lock");

    public string HostsPipe => Path.Combine(Root, "hosts.pipe");

    private string Moved => Path.Combine(Root, "data-is-in");

    private static string OwnerOf(string dataRoot) => Path.Combine(dataRoot, "belongs-to");

    /// <summary>
    /// As root, a checkout below /root or another private folder cannot be entered by the server's account. The data, and a copy of the
    /// programs, then lie in /var/lib, which root can write, others cannot, and no clean-up empties. The folder's name is made from the
    /// data folder's path, so it is found again. Notes in both make deleting the data folder mean what it always means: start afresh.
    /// </summary>
    public static async Task<(ClusterFolder Folder, ServerBinaries Binaries)> OpenAsync(
        string dataFolder, ServerBinaries binaries, ServerAccount account, CancellationToken ct)
    {
        UnixFolder.CreateOpen(dataFolder);
        var root = UnixFolder.RealPath(dataFolder);
        var usable = await account.CanUseAsync(binaries) ? binaries : binaries.CopyTo(Elsewhere());
        var here = new ClusterFolder(root, root);
        if (!File.Exists(here.Moved) && await account.CanEnterAsync(root))
        {
            return (here, usable);
        }

        using var moving = await FileLock.ExclusiveAsync(Path.Combine(Elsewhere(), "move.lock"), ct);
        return (Move(here), usable);
    }

    private static ClusterFolder Move(ClusterFolder here)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(here.Root)))[..16];
        var folder = new ClusterFolder(here.Root, Path.Combine(Elsewhere(), name));
        foreach (var other in Directory.GetDirectories(Elsewhere()).Where(other => File.Exists(OwnerOf(other))))
        {
            if (!File.Exists(new ClusterFolder(File.ReadAllText(OwnerOf(other)), other).Moved))
            {
                Directory.Delete(other, recursive: true);
            }
        }

        UnixFolder.CreateOpen(folder.DataRoot);
        File.WriteAllText(folder.Moved, folder.DataRoot);
        File.WriteAllText(OwnerOf(folder.DataRoot), folder.Root);
        return folder;
    }

    private static string Elsewhere()
    {
        const string Folder = "/var/lib/salesbrain-dev";
        UnixFolder.CreateOpen(Folder);
        return Folder;
    }
}
