using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Lists clients for whoever sees them: people of a client their own, people of an agency its own, people of the organization all of it.</summary>
public sealed class ListClients(FrontDoor frontDoor)
{
    [Function(nameof(ListClients))]
    [Endpoint("Clients", "Clients, newest first unless sorted otherwise")]
    [Requires(Capability.ReadClients)]
    [Answers(200, typeof(Listing<Client>), Bare = true)]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/v1/clients")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<ListClients, ListClientsRequest>(request, async (call, input, token) =>
        {
            if (!input.TryStart(Clients.KeyOf(input.SortBy), out var start))
            {
                return PageCursor.Invalid;
            }
            string[] statuses = [.. input.Status.Select(status => status.ToString().ToLowerInvariant())];
            var filter = new ClientFilter(input.OrganizationId, input.AgencyId, statuses, input.Search);
            var (rows, total) = await Clients.ListAsync(call.Read(), filter, start, token);
            return Answer.Bare(input.Cut(rows, total));
        }, cancellationToken);
}

public sealed record ListClientsRequest : V1List<ClientSort>
{
    /// <summary>For platform operators: one organization instead of all.</summary>
    public Guid? OrganizationId { get; init; }

    public Guid? AgencyId { get; init; }

    /// <summary>Statuses, repeatable.</summary>
    [Length(0, 10)]
    public RecordStatus[] Status { get; init; } = [];

    /// <summary>Part of the name, contact e-mail address, industry or city.</summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}
