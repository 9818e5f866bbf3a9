/** Draws an SVG document on a canvas at twice its size, over a plain ground, and gives it as PNG. */
export async function drawPng(svg: string, width_px: number, height_px: number, ground: string): Promise<Blob> {
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = width_px * 2
  canvas.height = height_px * 2
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('The browser gives no canvas to draw on')
  context.fillStyle = ground
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('The picture could not be written')) : resolve(blob)),
      'image/png',
    ),
  )
}
