using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Adds a client to an agency, for that agency's administrators, owners and admins, and for sb_admin.</summary>
public sealed class CreateClient(RequestPipeline pipeline)
{
    [Function(nameof(CreateClient))]
    [Operation("Clients", "Create a client of an agency")]
    [Requires(Capability.ManageClients)]
    [Returns(201, typeof(Client))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/clients")] HttpRequest request) =>
        pipeline.RunAsync<CreateClient, CreateClientRequest>(request, async (call, input) =>
        {
            if ((input.AgencyId ?? call.Caller.AgencyId) is not { } agencyId)
            {
                return Problems.InvalidMember("agency_id", "is required, because you do not belong to an agency");
            }
            if (!ClientFields.MayPlaceAt(call.Caller, agencyId))
            {
                return Problems.Forbidden.Because("Your role can add clients only to your own agency.");
            }
            var client = input.ApplyTo(new Client
            {
                Id = Guid.CreateVersion7(call.Now),
                AgencyId = agencyId,
                Name = input.Name.Trim(),
                Metadata = CompanyFields.NoMetadata,
                CreatedAt = call.Now.UtcDateTime,
                UpdatedAt = call.Now.UtcDateTime,
            });
            await using var session = await call.WriteAsync();
            if (!await Clients.AddAsync(session, client, call.CancellationToken))
            {
                return Problems.InvalidMember("agency_id", "must be the id of an existing agency");
            }
            var added = (await Clients.FindAsync(session, client.Id, call.CancellationToken))!;
            await call.AuditAsync(session, "client.created", "client", added.Id, added.OrganizationId, AuditedChanges.Created(added));
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/clients/{added.Id}", added);
        });
}

public sealed record CreateClientRequest : ClientFields
{
    /// <summary>The agency of the client. Callers who belong to an agency can omit it.</summary>
    public Guid? AgencyId { get; init; }

    [StringLength(200)]
    [NotBlank]
    [NameText]
    public required string Name { get; init; }
}
