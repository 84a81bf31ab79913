using SalesBrain.Core.Webhooks.Receiving;

namespace SalesBrain.Core.Tests.Webhooks.Receiving;

public sealed class ReceivingRulesTests
{
    [Theory]
    [InlineData("active", "active", null, null)]
    [InlineData("disabled", "active", "the endpoint is disabled", RefusalKind.EndpointDisabled)]
    [InlineData("active", "suspended", "the organization is suspended", RefusalKind.OrganizationSuspended)]
    [InlineData("disabled", "suspended", "the organization is suspended", RefusalKind.OrganizationSuspended)]
    [InlineData("", "active", "the endpoint is disabled", RefusalKind.EndpointDisabled)]
    [InlineData("active", "", "the organization is suspended", RefusalKind.OrganizationSuspended)]
    [InlineData("Active", "active", "the endpoint is disabled", RefusalKind.EndpointDisabled)]
    public void Only_an_active_endpoint_of_an_active_organization_may_receive(
        string endpoint, string organization, string? diagnosis, RefusalKind? kind)
    {
        var refusal = ReceivingRules.RefusalOf(new ReceivingState(endpoint, organization));

        Assert.Equal(diagnosis, refusal?.Diagnosis);
        Assert.Equal(kind, refusal?.Kind);
        Assert.Equal(kind is null ? null : RejectionCauses.Disabled, refusal?.Cause);
    }

    [Fact]
    public void Endpoint_that_is_not_there_may_not_receive() =>
        Assert.Equal(RefusalKind.EndpointDeleted, ReceivingRules.RefusalOf(null)?.Kind);

    [Fact]
    public void State_without_values_may_not_receive() =>
        Assert.Equal(RefusalKind.OrganizationSuspended, ReceivingRules.RefusalOf(default(ReceivingState))?.Kind);
}
