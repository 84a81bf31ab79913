using SalesBrain.Core.Paging;
using SalesBrain.Data.Assignments;
using SalesBrain.Data.Onboarding;
using SalesBrain.Data.Paging;
using SalesBrain.Data.Sessions;
using SalesBrain.Data.Webhooks.Endpoints;
using SalesBrain.Data.Webhooks.Rejections;
using SalesBrain.Functions.Assignments;
using SalesBrain.Functions.Onboarding.Links;
using SalesBrain.Functions.Webhooks.Endpoints;
using SalesBrain.Functions.Webhooks.Rejections;

namespace SalesBrain.LocalHost.Documentation.Lists;

/// <summary>Examples of the admin lists that begin with the newest. Each has one text; only the parameters differ.</summary>
internal static class NewestFirstExamples
{
    private static readonly NewestFirstPage First = new(ExampleValues.Limit, 0, null);
    private static readonly NewestFirstPage Next = First with { After = new(ExampleValues.Time, ExampleValues.RowId) };

    internal static IReadOnlyList<ListExamples> All =>
    [
        Of(
            nameof(ListOnboardingLinks),
            (scope, page) => OnboardingLinks.ListStatement(scope, new(null, null, null, null), ExampleValues.Time, page)),
        Of(nameof(ListAssignees), (scope, page) => Assignees.ListStatement(scope, new(null, null, null, null), page)),
        UserAssignmentExamples,
        Of(nameof(ListWebhookEndpoints), (scope, page) => WebhookEndpoints.ListStatement(scope, new(null, null, null), page)),
        Of(nameof(ListWebhookRejections), (scope, page) => WebhookRejections.ListStatement(scope, new(), page)),
    ];

    private static ListExamples UserAssignmentExamples
    {
        get
        {
            var user = new Assignee { Id = ExampleValues.UserId, OrganizationId = ExampleValues.OrganizationId };
            return new(nameof(ListUserAssignments),
            [
                new("First page", UserAssignments.ListStatement(user, First, First)),
                new("?campaigns_cursor=…", UserAssignments.ListStatement(user, Next, First)),
            ]);
        }
    }

    private static ListExamples Of(string function, Func<SessionScope, NewestFirstPage, Statement> statement) => new(function,
    [
        new($"First page, {ExampleValues.User}", statement(ExampleValues.ByUser, First)),
        new($"?cursor=…, {ExampleValues.User}", statement(ExampleValues.ByUser, Next)),
        new($"First page, {ExampleValues.Operator}", statement(ExampleValues.ByOperator, First)),
    ]);
}
