using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using SalesBrain.Integrations.Files;
using SalesBrain.LocalHost.Startup;
using SalesBrain.Tests.App;

namespace SalesBrain.Tests.Integrations;

/// <summary>Both storages behave alike: a folder, and Azure Blob Storage as Azurite has it.</summary>
public sealed class FileStoreTests(AzuriteServer azurite) : IClassFixture<AzuriteServer>
{
    private static readonly FileFacts Facts = new(new string('a', 64), 3, ';');

    public static TheoryData<string> Storages => [FileStoreOptions.ToFolder, FileStoreOptions.Blob];

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task Stored_file_is_read_from_any_offset_by_its_organization_only(string storage)
    {
        var (files, organization, file) = (await OpenAsync(storage), Guid.NewGuid(), Guid.NewGuid());
        var token = TestContext.Current.CancellationToken;
        await files.CreateAsync(organization, file, new MemoryStream("0123456789"u8.ToArray()), Facts, token);

        foreach (var (offset, rest) in new[] { (0, "0123456789"), (4, "456789"), (10, "") })
        {
            await using var opened = await files.OpenAsync(organization, file, offset, token);
            using var reader = new StreamReader(opened!.Content);
            Assert.Equal((rest, Facts), (await reader.ReadToEndAsync(token), opened.Facts));
        }
        Assert.Null(await files.OpenAsync(Guid.NewGuid(), file, 0, token));
        Assert.Null(await files.OpenAsync(organization, Guid.NewGuid(), 0, token));
    }

    [Theory]
    [MemberData(nameof(Storages))]
    public async Task File_never_changes_and_is_gone_once_deleted(string storage)
    {
        var (files, organization, file) = (await OpenAsync(storage), Guid.NewGuid(), Guid.NewGuid());
        var token = TestContext.Current.CancellationToken;
        await files.CreateAsync(organization, file, new MemoryStream("first"u8.ToArray()), Facts, token);

        await Assert.ThrowsAnyAsync<Exception>(
            () => files.CreateAsync(organization, file, new MemoryStream("second"u8.ToArray()), Facts, token));
        await using (var opened = await files.OpenAsync(organization, file, 0, token))
        {
            using var reader = new StreamReader(opened!.Content, Encoding.UTF8);
            Assert.Equal("first", await reader.ReadToEndAsync(token));
        }
        Assert.True(await files.DeleteAsync(organization, file, token));
        Assert.False(await files.DeleteAsync(organization, file, token));
        Assert.Null(await files.OpenAsync(organization, file, 0, token));
    }

    private async Task<IFileStore> OpenAsync(string storage)
    {
        var container = storage == FileStoreOptions.Blob ? await azurite.StartAsync() : new Uri("https://unused.example/files");
        var options = new FileStoreOptions { Storage = storage, ContainerUrl = container, Folder = azurite.Folder.FullName };
        return storage == FileStoreOptions.Blob ? new BlobFiles(options) : new FolderFiles(options);
    }
}

/// <summary>Azurite from <c>dev/</c>, started by the first test that needs it.</summary>
public sealed class AzuriteServer : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;
    private Uri? _container;

    public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("salesbrain-azurite-");

    public async Task<Uri> StartAsync()
    {
        await _turn.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return _container ??= await LaunchAsync();
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(5000);
            _process.Dispose();
        }
        _turn.Dispose();
        Folder.Delete(recursive: true);
    }

    private async Task<Uri> LaunchAsync()
    {
        var script = Path.Combine(RepositoryFolder.Find(), "dev", "node_modules", "azurite", "dist", "src", "blob", "main.js");
        Assert.SkipUnless(File.Exists(script), "Azurite is not installed: npm ci in dev/.");
        var port = FreePort();
        var start = new ProcessStartInfo("node") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { script, "--silent", "--skipApiVersionCheck", "--inMemoryPersistence", "--disableTelemetry", "--blobHost", "127.0.0.1", "--blobPort", $"{port}" })
        {
            start.ArgumentList.Add(argument);
        }
        start.UseShellExecute = false;
        start.WorkingDirectory = Folder.FullName;
        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var waited = Stopwatch.StartNew();
        while (waited.Elapsed < Eventually.Limit)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken);
                return new Uri($"http://127.0.0.1:{port}/devstoreaccount1/files");
            }
            catch (SocketException)
            {
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
        throw new TimeoutException("Azurite did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
