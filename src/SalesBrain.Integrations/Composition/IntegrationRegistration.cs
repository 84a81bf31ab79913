using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SalesBrain.Integrations.Files;
using SalesBrain.Integrations.Outbound;

namespace SalesBrain.Integrations.Composition;

public static class IntegrationRegistration
{
    /// <summary>Registers the adapters of data sources and the storage of uploaded files.</summary>
    public static IServiceCollection AddIntegrations(this IServiceCollection services, SourceOptions sources, FileStoreOptions files)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(sources);
        services.TryAddSingleton(new OutboundLimits());
        services.TryAddSingleton<INameResolver, NameResolver>();
        services.AddSingleton<PinnedConnections>();
        services.AddSingleton<OutboundClient>();
        services.AddSingleton<RequestPacing>();
        services.AddSingleton<TokenCache>();
        services.AddOutbound();
        services.AddSingleton(files);
        services.TryAddSingleton(typeof(IFileStore), files.Storage == FileStoreOptions.Blob ? typeof(BlobFiles) : typeof(FolderFiles));
        services.AddSingleton<SourceAdapters>();
        services.TryAddSingleton<ISourceAdapters>(provider => provider.GetRequiredService<SourceAdapters>());
        return services;
    }
}
