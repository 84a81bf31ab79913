using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Paging;
using SalesBrain.Core.Values;
using SalesBrain.Data.Organizations;
using SalesBrain.Data.Rows;

namespace SalesBrain.Functions.Organizations;

/// <summary>Lists the clients that the caller can see: their own, or those of their agency or their whole organization.</summary>
public sealed class ListClients(RequestPipeline pipeline)
{
    [Function(nameof(ListClients))]
    [Operation("Clients", "List clients", Description = "Newest first by default.")]
    [Requires(Capability.ReadClients)]
    [Returns(200, typeof(Listing<Client>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/clients")] HttpRequest request) =>
        pipeline.RunAsync<ListClients, ListClientsRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, Clients.KeyOf(input.SortBy), out var start))
            {
                return PageCursors.Invalid;
            }
            string[] statuses = [.. input.Status.Select(status => status.ToWireName())];
            var filter = new ClientFilter(input.OrganizationId, input.AgencyId, statuses, input.Search);
            var (rows, total) = await Clients.ListAsync(call.Read(), filter, start, call.CancellationToken);
            return ApiResults.Bare(input.ToPage(call.Cursors, rows, total));
        });
}

public sealed record ListClientsRequest : V1List<ClientSort>
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    public Guid? AgencyId { get; init; }

    /// <summary>Statuses; repeatable.</summary>
    [Length(0, 10)]
    public RecordStatus[] Status { get; init; } = [];

    /// <summary>Part of the name, contact e-mail address, industry or city.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
