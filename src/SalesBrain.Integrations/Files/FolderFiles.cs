using System.Text.Json;

namespace SalesBrain.Integrations.Files;

/// <summary>Files in a folder of this machine.</summary>
internal sealed class FolderFiles(FileStoreOptions options) : IFileStore
{
    public async Task CreateAsync(Guid organizationId, Guid fileId, Stream content, FileFacts facts, CancellationToken cancellationToken)
    {
        var path = PathOf(organizationId, fileId);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var unfinished = $"{path}.{Guid.NewGuid():N}";
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await content.CopyToAsync(file, cancellationToken);
            }
            await File.WriteAllBytesAsync(FactsOf(path), JsonSerializer.SerializeToUtf8Bytes(facts), cancellationToken);
            File.Move(unfinished, path, overwrite: false);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public async Task<OpenedFile?> OpenAsync(Guid organizationId, Guid fileId, long offset, CancellationToken cancellationToken)
    {
        var path = PathOf(organizationId, fileId);
        try
        {
            var facts = JsonSerializer.Deserialize<FileFacts>(await File.ReadAllBytesAsync(FactsOf(path), cancellationToken))!;
            var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
            file.Seek(offset, SeekOrigin.Begin);
            return new OpenedFile(file, facts);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public Task<bool> DeleteAsync(Guid organizationId, Guid fileId, CancellationToken cancellationToken)
    {
        var path = PathOf(organizationId, fileId);
        var exists = File.Exists(path);
        if (exists)
        {
            File.Delete(path);
            File.Delete(FactsOf(path));
        }
        return Task.FromResult(exists);
    }

    private string PathOf(Guid organizationId, Guid fileId) => Path.Combine(options.Folder, $"{organizationId:N}", $"{fileId:N}.csv");

    private static string FactsOf(string path) => Path.ChangeExtension(path, ".json");
}
