//! The sandbox networks as a program: `PORT=4000 networks-sandbox`.

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port: u16 = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(0);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("Sandbox networks on http://{}", listener.local_addr()?);
    networks_sandbox::serve(listener).await
}
