using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Data.Crm;
using SalesBrain.Data.Identity;
using SalesBrain.Functions.Http;

namespace SalesBrain.Functions.Crm;

/// <summary>Adds an agency, for owners and admins, and for sb_admin in any organization.</summary>
public sealed class CreateAgency(FrontDoor frontDoor, TimeProvider clock)
{
    [Function(nameof(CreateAgency))]
    [Endpoint("Agencies", "Adds an agency")]
    [Requires(Capability.ManageAgencies)]
    [Answers(201, typeof(Agency))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "api/v1/agencies")] HttpRequest request, CancellationToken cancellationToken) =>
        frontDoor.ServeAsync<CreateAgency, CreateAgencyRequest>(request, async (call, input, token) =>
        {
            var errors = new InputErrors();
            var organizationId = call.Caller.OrganizationFor(input.OrganizationId, errors);
            if (errors.Any)
            {
                return Problems.InvalidInput(errors);
            }
            var now = clock.GetUtcNow();
            var agency = input.ApplyTo(new Agency
            {
                Id = Guid.CreateVersion7(now),
                OrganizationId = organizationId,
                Name = input.Name.Trim(),
                Metadata = CompanyFields.NoMetadata,
                CreatedAt = now.UtcDateTime,
                UpdatedAt = now.UtcDateTime,
            });
            await using var session = await call.WriteAsync(token);
            if (!await Agencies.AddAsync(session, agency, token))
            {
                return Problems.InvalidMember("organization_id", "is not known");
            }
            var added = (await Agencies.FindAsync(session, agency.Id, token))!;
            await CrmAudit.WriteCreatedAsync(session, call, "agency", added, organizationId, now, token);
            await session.CommitAsync();
            return EntityTags.ShowCreated(call, $"/api/v1/agencies/{added.Id}", added);
        }, cancellationToken);
}

public sealed record CreateAgencyRequest : AgencyFields
{
    /// <summary>Whose agency it is. Callers inside an organization may leave it out.</summary>
    public Guid? OrganizationId { get; init; }

    [StringLength(200)]
    [NotBlank]
    public required string Name { get; init; }
}
