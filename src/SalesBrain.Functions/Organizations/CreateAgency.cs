using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Audit;
using SalesBrain.Data.Organizations;

namespace SalesBrain.Functions.Organizations;

/// <summary>Adds an agency, for owners and admins, and for sb_admin in any organization.</summary>
public sealed class CreateAgency(RequestPipeline pipeline)
{
    [Function(nameof(CreateAgency))]
    [Operation("Agencies", "Create an agency")]
    [Requires(Capability.ManageAgencies)]
    [Returns(201, typeof(Agency))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/agencies")] HttpRequest request) =>
        pipeline.RunAsync<CreateAgency, CreateAgencyRequest>(request, async (call, input) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            var agency = input.ApplyTo(new Agency
            {
                Id = Guid.CreateVersion7(call.Now),
                OrganizationId = organizationId,
                Name = input.Name.Trim(),
                Metadata = CompanyFields.NoMetadata,
                CreatedAt = call.Now.UtcDateTime,
                UpdatedAt = call.Now.UtcDateTime,
            });
            await using var session = await call.WriteAsync();
            if (!await Agencies.AddAsync(session, agency, call.CancellationToken))
            {
                return Problems.InvalidMember("organization_id", "must be the id of an existing organization");
            }
            var added = (await Agencies.FindAsync(session, agency.Id, call.CancellationToken))!;
            await call.AuditAsync(session, "agency.created", "agency", added.Id, organizationId, AuditedChanges.Created(added));
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/agencies/{added.Id}", added);
        });
}

public sealed record CreateAgencyRequest : AgencyFields
{
    /// <summary>The organization of the agency. Required only for platform operators.</summary>
    public Guid? OrganizationId { get; init; }

    [StringLength(200)]
    [NotBlank]
    [NameText]
    public required string Name { get; init; }
}
