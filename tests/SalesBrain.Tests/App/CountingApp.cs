namespace SalesBrain.Tests.App;

/// <summary>An app whose statements are counted, for the class that has it as its fixture.</summary>
public sealed class CountingApp : TestApp
{
    public override bool CountsStatements => true;
}
