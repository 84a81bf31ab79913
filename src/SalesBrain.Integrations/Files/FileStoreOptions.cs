namespace SalesBrain.Integrations.Files;

/// <summary>Settings <c>Files__…</c>.</summary>
public sealed record FileStoreOptions
{
    /// <summary><see cref="Storage"/>: Azure Blob Storage.</summary>
    public const string Blob = "blob";

    /// <summary><see cref="Storage"/>: a folder, for development.</summary>
    public const string ToFolder = "folder";

    public required string Storage { get; init; }

    /// <summary>The container's URL. With http it is the emulator Azurite.</summary>
    public required Uri ContainerUrl { get; init; }

    /// <summary>Client id of the managed identity; empty for the credentials of the environment.</summary>
    public string ClientId { get; init; } = "";

    public required string Folder { get; init; }
}
