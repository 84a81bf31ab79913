using System.Globalization;
using Azure;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace SalesBrain.Integrations.Files;

/// <summary>Files in a container of Azure Blob Storage, with the app's identity.</summary>
internal sealed class BlobFiles(FileStoreOptions options) : IFileStore
{
    /// <summary>The account and key of every Azurite, as its documentation says.</summary>
    private const string EmulatorAccount = "devstoreaccount1";
    private const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>Bytes that are read ahead of the reader.</summary>
    private const int ReadBuffer = 1024 * 1024;

    private readonly BlobContainerClient _container = Open(options);

    public async Task CreateAsync(Guid organizationId, Guid fileId, Stream content, FileFacts facts, CancellationToken cancellationToken)
    {
        if (IsEmulator(options.ContainerUrl))
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        }
        await BlobOf(organizationId, fileId).UploadAsync(
            content,
            new BlobUploadOptions
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = "text/csv; charset=utf-8" },
                Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All },
                Metadata = new Dictionary<string, string>
                {
                    ["sha256"] = facts.Sha256,
                    ["rows"] = facts.Rows.ToString(CultureInfo.InvariantCulture),
                    ["delimiter"] = ((int)facts.Delimiter).ToString(CultureInfo.InvariantCulture),
                },
            },
            cancellationToken);
    }

    public async Task<OpenedFile?> OpenAsync(Guid organizationId, Guid fileId, long offset, CancellationToken cancellationToken)
    {
        var blob = BlobOf(organizationId, fileId);
        try
        {
            var properties = (await blob.GetPropertiesAsync(cancellationToken: cancellationToken)).Value;
            var facts = new FileFacts(
                properties.Metadata["sha256"], long.Parse(properties.Metadata["rows"], CultureInfo.InvariantCulture),
                (char)int.Parse(properties.Metadata["delimiter"], CultureInfo.InvariantCulture));
            // A read at the very end would be refused.
            Stream content = offset >= properties.ContentLength
                ? Stream.Null
                : await blob.OpenReadAsync(
                    new BlobOpenReadOptions(allowModifications: false) { Position = offset, BufferSize = ReadBuffer }, cancellationToken);
            return new OpenedFile(content, facts);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task<bool> DeleteAsync(Guid organizationId, Guid fileId, CancellationToken cancellationToken) =>
        await BlobOf(organizationId, fileId)
            .DeleteIfExistsAsync(DeleteSnapshotsOption.IncludeSnapshots, cancellationToken: cancellationToken);

    private BlobClient BlobOf(Guid organizationId, Guid fileId) => _container.GetBlobClient($"{organizationId:N}/{fileId:N}.csv");

    private static BlobContainerClient Open(FileStoreOptions options)
    {
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 3;
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        // The paths of files are nobody's business.
        client.Diagnostics.IsLoggingEnabled = false;
        client.Diagnostics.IsDistributedTracingEnabled = false;
        client.Diagnostics.IsTelemetryEnabled = false;
        return IsEmulator(options.ContainerUrl)
            ? new BlobContainerClient(options.ContainerUrl, new StorageSharedKeyCredential(EmulatorAccount, EmulatorKey), client)
            : new BlobContainerClient(
                options.ContainerUrl,
                options.ClientId.Length > 0
                    ? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(options.ClientId))
                    : new DefaultAzureCredential(),
                client);
    }

    private static bool IsEmulator(Uri container) => container.Scheme == Uri.UriSchemeHttp && container.IsLoopback;
}
