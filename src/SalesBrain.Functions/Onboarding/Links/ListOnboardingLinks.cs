using System.ComponentModel.DataAnnotations;
using Microsoft.Azure.Functions.Worker;
using SalesBrain.Core.Access;
using SalesBrain.Core.Onboarding;
using SalesBrain.Data.Onboarding;

namespace SalesBrain.Functions.Onboarding.Links;

/// <summary>Lists onboarding links, newest first, for owners, admins and platform operators.</summary>
public sealed class ListOnboardingLinks(RequestPipeline pipeline, OnboardingLinkResults results)
{
    [Function(nameof(ListOnboardingLinks))]
    [Operation("Onboarding links", "List onboarding links", Description = "Newest first.")]
    [Requires(Capability.ManageOnboardingLinks)]
    [Returns(200, typeof(OnboardingLinkPage))]
    public Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/admin/onboarding/links")] HttpRequest request) =>
        pipeline.RunAsync<ListOnboardingLinks, ListOnboardingLinksRequest>(request, async (call, input) =>
        {
            if (!input.TryStart(call.Cursors, out var start))
            {
                return PageCursors.Invalid;
            }
            var filter = new OnboardingLinkFilter(input.OrganizationId, input.Status, input.CreatedBy, input.Search);
            var (rows, total) = await OnboardingLinks.ListAsync(
                call.Read(), filter, call.Now.UtcDateTime, start, call.CancellationToken);
            var page = input.ToPage(call.Cursors, rows, total);
            return ApiResults.Ok(new OnboardingLinkPage(page) { Links = [.. page.Rows.Select(results.Of)] });
        });
}

public sealed record ListOnboardingLinksRequest : AdminList
{
    /// <summary>Only this organization. For platform operators; default: all organizations.</summary>
    public Guid? OrganizationId { get; init; }

    [AllowedValues(OnboardingLinkRules.Active, OnboardingLinkRules.Expired, OnboardingLinkRules.Used, OnboardingLinkRules.Revoked)]
    public string? Status { get; init; }

    /// <summary>The user who created the link.</summary>
    public Guid? CreatedBy { get; init; }

    /// <summary>
    /// Part of the organization's name, the template's name, or the creator's name or e-mail address. Letter case and accents make
    /// no difference; no character is a wildcard.
    /// </summary>
    [StringLength(SearchTermAttribute.MaxLength)]
    [SearchTerm]
    public string? Search { get; init; }
}

public sealed class OnboardingLinkPage(Page page) : AdminPage(page)
{
    public required IReadOnlyList<OnboardingLink> Links { get; init; }
}
